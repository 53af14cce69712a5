import { DaemonConfigError } from '../error.ts';

/** A refusal of the text that names the line and column (both from 1, columns in characters). */
export function jsonProblem(text: string, offset: number, problem: string, hint: string): DaemonConfigError {
  return new DaemonConfigError('DAEMON_CONFIG_INVALID', `line ${position(text, offset)}: ${problem}`, {
    hint,
  });
}

function position(text: string, offset: number): string {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  const column = [...(lines.at(-1) ?? '').replace('\ufeff', '')].length + 1;
  return `${lines.length}:${column}`;
}
