import { roleNameOf } from '@docker-mtls/policy';
import type { LostBinding } from '@docker-mtls/secure/bindings';
import type { Report } from '../command-line/command.ts';

/** Adds to the report of a change which bindings match nobody after it. */
export function withLostBindings(report: Report, lost: readonly LostBinding[]): Report {
  if (lost.length === 0) return report;
  const bindings = lost.map(({ policy, rule, role, subject }) => ({
    policy,
    rule,
    role,
    subject: roleNameOf(subject),
  }));
  return {
    ...report,
    json: { ...report.json, bindings },
    text: `${report.text}${lostText(lost)}`,
  };
}

export function lostText(lost: readonly LostBinding[]): string {
  return lost
    .map(
      ({ policy, rule, role, subject }) =>
        `  ${policy}: ${rule} (role ${role}) matches no client any more: ${roleNameOf(subject)}\n`,
    )
    .join('');
}
