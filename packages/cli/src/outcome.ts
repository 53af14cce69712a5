import { escapeUnprintable, isMtlsError } from '@docker-mtls/errors';
import type { MtlsError } from '@docker-mtls/errors';
import type { Report } from './command-line/command.ts';
import { UsageError } from './command-line/usage-error.ts';
import { VERSION } from './command-line/version.ts';
import { Interrupted } from './io/interrupted.ts';

/** What leaves the program: bytes for stdout, lines for stderr, and the exit code. Nothing else in it knows exit codes. */
export type ProcessOutcome = {
  readonly stdout: string | Uint8Array;
  readonly stderr: string;
  readonly exitCode: number;
  /** The signal to end by, instead of the exit code. */
  readonly signal?: NodeJS.Signals;
};

export const DONE = 0;
const REFUSED = 1;
const WRONG_USAGE = 2;
const OUR_BUG = 70;
/** As shells have it for SIGINT, where we cannot end by the same. */
const INTERRUPTED = 130;

/** How help and hints on usage spell the command lines that they show. */
export type Spell = (text: string) => string;

export const AS_WRITTEN: Spell = (text) => text;

/** What leaves the program when a command has answered. */
export function success(report: Report, json: boolean): ProcessOutcome {
  const stdout = report.bytes ?? (json ? `${JSON.stringify(report.json)}\n` : report.text);
  const { exitCode = DONE, signal } = report;
  return { stdout, stderr: '', exitCode, ...(signal !== undefined && { signal }) };
}

/** What leaves the program when something was thrown. */
export function failure(error: unknown, json: boolean, spell: Spell = AS_WRITTEN): ProcessOutcome {
  if (error instanceof Interrupted)
    return { stdout: '', stderr: '', exitCode: INTERRUPTED, signal: 'SIGINT' };
  if (error instanceof UsageError) return refusal(spelledUsage(error, spell), WRONG_USAGE, json);
  if (isMtlsError(error)) return refusal(error, REFUSED, json);
  return bug(error, json);
}

function spelledUsage({ message, hint }: UsageError, spell: Spell): UsageError {
  return new UsageError(spell(message), hint === undefined ? undefined : spell(hint));
}

function refusal(error: MtlsError | UsageError, exitCode: number, json: boolean): ProcessOutcome {
  const { code } = error;
  const message = escapeUnprintable(error.message);
  const hint = error.hint === undefined ? undefined : escapeUnprintable(error.hint);
  if (json)
    return { stdout: `${JSON.stringify({ error: { code, message, hint } })}\n`, stderr: '', exitCode };
  const lines = [`docker-mtls: error: ${message}`, ...(hint === undefined ? [] : [`hint: ${hint}`])];
  return { stdout: '', stderr: `${lines.join('\n')}\n`, exitCode };
}

function bug(error: unknown, json: boolean): ProcessOutcome {
  const message = `this is a bug in docker-mtls ${VERSION}, not a mistake of yours`;
  const hint = 'please report it with the lines above, and what you ran';
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const stdout = json ? `${JSON.stringify({ error: { code: 'BUG', message, hint } })}\n` : '';
  return { stdout, stderr: `${stack}\ndocker-mtls: error: ${message}\nhint: ${hint}\n`, exitCode: OUR_BUG };
}
