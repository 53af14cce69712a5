import { unitProblem } from './unit-error.ts';

/**
 * Reads a unit's file, or an environment file. systemd passes over lines that are not UTF-8, so what such a file says
 * in the end is not what it seems to say. Throws `DAEMON_CONFIG_UNIT`.
 */
export function decodeUnitText(bytes: Buffer, path: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // The same as a NUL: no text.
  }
  throw unitProblem(`${path} is no text in UTF-8, and systemd passes over some of it`, 'save it as UTF-8');
}
