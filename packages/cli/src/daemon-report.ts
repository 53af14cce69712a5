import type { DaemonOutcome } from './configure-daemon.ts';

/** What happened to daemon.json, for programs. */
export function daemonJson({
  config,
  plan,
  diff,
  written,
  backup,
  check,
}: DaemonOutcome): Record<string, unknown> {
  return { config, written, backup, changes: plan.changes, warnings: plan.warnings, diff, check };
}

/** The same for people: the difference, and why each key is what it is now. */
export function daemonText(outcome: DaemonOutcome): string {
  const { plan, diff, check, backup } = outcome;
  const warnings = plan.warnings.map((warning) => `warning: ${warning}\n`).join('');
  if (plan.changes.length === 0) return `${titleOf(outcome)}\n${warnings}`;
  const whys = plan.changes.map(({ key, why }) => `  ${key}: ${why}\n`).join('');
  const kept = backup === undefined ? '' : `  the file as it was: ${backup}\n`;
  return `${titleOf(outcome)}\n${diff}${whys}  check: ${check}\n${kept}${warnings}`;
}

function titleOf({ config, plan, written }: DaemonOutcome): string {
  if (plan.changes.length === 0) return `${config} says all this already; nothing was changed`;
  return written ? `Wrote ${config}` : `${config} would change like this; nothing was written`;
}
