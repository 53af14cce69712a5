/** What may go with an error: how the reader gets out of it, and what it was caused by. */
export type MtlsErrorOptions = { readonly hint?: string; readonly cause?: unknown };

/**
 * The one error that a user can cause. `code` is for programs, `message` names the offending value and place,
 * `hint` says what to do. None of the three may ever hold a private key, a passphrase or a whole PEM block.
 * A bug is a plain `Error` instead.
 */
export class MtlsError<Code extends string = string> extends Error {
  override readonly name: string = 'MtlsError';
  readonly code: Code;
  readonly hint: string | undefined;

  constructor(code: Code, message: string, { hint, cause }: MtlsErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }
}

/** Is this an MtlsError, with a code and perhaps a hint? */
export function isMtlsError(error: unknown): error is MtlsError {
  return error instanceof MtlsError;
}

/** Does this error, ours or Node's (`ENOENT`, …), carry that code? */
export function hasCode(error: unknown, code: string): error is Error & { code: string } {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
