import { isChange } from '@docker-mtls/engine';
import type { Applied, Container, DaemonOutcome } from '@docker-mtls/engine';

/** What happened to daemon.json, for programs. */
export function daemonJson({
  config,
  plan,
  diff,
  written,
  backup,
  check,
  dropIn,
  applied,
}: DaemonOutcome): Record<string, unknown> {
  const unit = dropIn && { path: dropIn.path, changes: dropIn.changes };
  const warnings = [...plan.warnings, ...(dropIn?.warnings ?? [])];
  return { config, written, backup, changes: plan.changes, dropIn: unit, warnings, diff, check, applied };
}

/** The same for people: the difference, and why each key is what it is now. */
export function daemonText(outcome: DaemonOutcome): string {
  const { plan, diff, check, backup, dropIn } = outcome;
  const warnings = warningText(outcome);
  if (!isChange(outcome)) return `${titleOf(outcome)}\n${warnings}`;
  const whys = [
    ...plan.changes.map(({ key, why }) => `  ${key}: ${why}\n`),
    ...(dropIn?.changes ?? []).map(({ flag, why }) => `  ${flag}: ${why}\n`),
  ];
  const kept = backup === undefined ? '' : `  the file as it was: ${backup}\n`;
  return `${titleOf(outcome)}\n${diff}${whys.join('')}  check: ${check}\n${kept}${warnings}`;
}

export function warningText({ plan, dropIn, applied }: DaemonOutcome): string {
  const warnings = [...plan.warnings, ...(dropIn?.warnings ?? [])];
  return (
    warnings.map((warning) => `warning: ${warning}\n`).join('') +
    (applied === undefined ? '' : afterwardsText(applied))
  );
}

/** What a restart has left to do: containers that ended with the engine, and a swarm that waits for its key. */
export function afterwardsText({ stopped, isSwarmLocked }: Applied): string {
  return stoppedText(stopped) + (isSwarmLocked ? LOCKED : '');
}

const LOCKED = 'warning: this swarm manager is locked: enter its unlock key with docker swarm unlock\n';

function stoppedText(stopped: readonly Container[]): string {
  return stopped
    .map(
      ({ id, name }) =>
        `warning: the container ${name} stopped with the engine: docker start ${id.slice(0, 12)}\n`,
    )
    .join('');
}

function titleOf(outcome: DaemonOutcome): string {
  const { config, plan, dropIn, written } = outcome;
  if (!isChange(outcome)) return `${config} says all this already; nothing was changed`;
  const unit = dropIn !== undefined && dropIn.before !== dropIn.after ? [dropIn.path] : [];
  const files = [...(plan.changes.length > 0 ? [config] : []), ...unit].join(' and ');
  return written ? `Wrote ${files}` : `${files} would change like this; nothing was written`;
}
