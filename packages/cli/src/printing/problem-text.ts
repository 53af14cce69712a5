import { escapeUnprintable } from '@docker-mtls/errors';

/** What a check found wrong, with a remedy. */
export type Problem = {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string;
};

/** A problem as people read it: whose, what, and what to do. */
export function problemText(subject: string, { severity, message, hint }: Problem): string {
  return `${escapeUnprintable(`${subject}: ${severity}: ${message}`)}\n  hint: ${escapeUnprintable(hint)}\n`;
}
