import { escapeUnprintable } from '@docker-mtls/errors';
import type { Severity } from '@docker-mtls/errors';

/** What a check found, with a remedy. */
export type Problem = {
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string | undefined;
};

/** A problem as people read it: whose, what, and what to do. */
export function problemText(subject: string, { severity, message, hint }: Problem): string {
  return `${escapeUnprintable(`${subject}: ${severity}: ${message}`)}\n${remedyText(hint)}`;
}

/** A finding by its number, whose message says what it is about. */
export function findingText(number: string, { severity, message, hint }: Problem): string {
  return `${escapeUnprintable(`${number} ${severity}: ${message}`)}\n${remedyText(hint)}`;
}

function remedyText(hint: string | undefined): string {
  return hint === undefined || hint === '' ? '' : `  hint: ${escapeUnprintable(hint)}\n`;
}
