/** The command line itself is wrong: exit code 2, with the way to the help. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  readonly code = 'USAGE';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
