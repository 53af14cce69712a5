import { DaemonConfigError } from './error.ts';

/** No daemon.json is near this; more is somebody's mistake or mischief. */
export const LARGEST_CONFIG: number = 1024 * 1024;

const UTF8_HINT = 'save the file again as UTF-8';

/** The text of a daemon.json, byte for byte reversible: a byte order mark stays in front. */
export function decodeDaemonConfig(bytes: Buffer): string {
  if (bytes.length > LARGEST_CONFIG) {
    throw invalid(
      `${bytes.length} bytes, the most is ${LARGEST_CONFIG}`,
      'check that this is the file you meant',
    );
  }
  if (isUtf16(bytes)) {
    throw invalid(
      'the file is UTF-16, as Notepad and PowerShell write it; not every engine reads that',
      UTF8_HINT,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DaemonConfigError('DAEMON_CONFIG_INVALID', 'the file is not UTF-8 text', {
      hint: UTF8_HINT,
      cause,
    });
  }
}

/** With its byte order mark, or recognised by the zero byte that every ASCII character has in UTF-16. */
function isUtf16(bytes: Buffer): boolean {
  const mark = bytes.subarray(0, 2).toString('hex');
  return mark === 'fffe' || mark === 'feff' || (bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0));
}

function invalid(message: string, hint: string): DaemonConfigError {
  return new DaemonConfigError('DAEMON_CONFIG_INVALID', message, { hint });
}
