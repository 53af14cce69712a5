/** The command line itself is wrong: exit code 2, with the way to the help. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  readonly code: string;
  readonly hint: string | undefined;

  /** `code` is that of the code which could not read a word. */
  constructor(message: string, hint?: string, code?: string) {
    super(message);
    this.hint = hint;
    this.code = code ?? 'USAGE';
  }
}
