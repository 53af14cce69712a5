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
  const remedy = hint === undefined || hint === '' ? '' : `  hint: ${escapeUnprintable(hint)}\n`;
  return `${escapeUnprintable(`${subject}: ${severity}: ${message}`)}\n${remedy}`;
}

/** A finding by its number. */
export function findingText(number: string, { severity, message, hint }: Problem): string {
  return `${number} ${severity}: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`;
}
