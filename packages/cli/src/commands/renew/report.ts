import type { Dependent } from '@docker-mtls/authority';
import type {
  FailedPair,
  HookResult,
  RenewalPlan,
  RenewablePair,
  RenewedPair,
  SkippedPair,
} from '@docker-mtls/authority/renewal';
import { shellWord } from '@docker-mtls/errors';
import type { RevocationList, StoreReader } from '@docker-mtls/ca-directory';
import type { EngineRenewal, EngineRenewalPlan, Postponed } from '@docker-mtls/secure/renewal';
import { counted, localMoment, moment } from '@docker-mtls/text';
import { nextCommand } from '../../ca/next-command.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { listJson, listText } from '../crl/list-report.ts';
import { afterwardsText } from '../../engine/daemon-report.ts';
import { stepText } from '../../engine/step-report.ts';
import { refreshedLine } from '../../pair/refresh-copies.ts';
import type { Tally } from './tally.ts';

const FAILED = 1;

type Surroundings = {
  readonly reader: StoreReader;
  readonly args: Args;
  readonly isNamed: boolean;
  readonly isTimer: boolean;
  readonly postponed: readonly Postponed[];
};

/** What `--dry-run` shows. */
export function planReport(
  { renewing, skipped }: Pick<RenewalPlan, 'renewing' | 'skipped'>,
  { reader, postponed }: Surroundings,
): Report {
  const lines = renewing.map(({ kind, name, notAfter }) => `  ${kind} ${name}, until ${moment(notAfter)}\n`);
  const title = `Would renew ${counted(renewing.length, 'pair', 'pairs')}\n`;
  return {
    json: {
      directory: reader.directory,
      renewing: renewing.map(plannedJson),
      skipped,
      ...postponedJson(postponed),
    },
    text: [title, ...lines, ...skippedLines(skipped), ...postponed.map(postponedLine)].join(''),
  };
}

function plannedJson({ kind, name, serial, notAfter }: RenewablePair): Record<string, unknown> {
  return { kind, name, serial, notAfter: notAfter.toISOString() };
}

export type Done = Surroundings & {
  readonly skipped: readonly SkippedPair[];
  readonly dependents: readonly Dependent[];
  readonly hooks: readonly HookResult[];
  readonly applied: EngineRenewal | undefined;
  readonly engine: EngineRenewalPlan | undefined;
  /** The next revocation list, where it was time for it. */
  readonly list: RevocationList | undefined;
};

/** Exit code 1 where something that should have been renewed was not, or a hook failed. */
export function renewedReport(tally: Tally, done: Done): Report {
  const { reader, args, dependents, hooks, postponed, applied, engine, list, skipped } = done;
  const { shown, failed } = tally;
  const hasFailed =
    failed.length > 0 || hooks.some(({ ok }) => !ok) || skipped.some((pair) => isFailure(pair, done));
  const steps = nextSteps(tally, { dependents, served: engine?.name });
  const next = steps.map((command) => nextCommand(command, args));
  return {
    json: {
      directory: reader.directory,
      renewed: shown.map(renewedJson),
      failed: failed.map(failedJson),
      skipped,
      hooks,
      dependents,
      ...postponedJson(postponed),
      ...(applied?.applied && { applied: applied.applied }),
      ...(list && { crl: listJson(list) }),
      next,
    },
    text: textOf(tally, done, next),
    ...(hasFailed && { exitCode: FAILED }),
  };
}

function isFailure({ reason }: SkippedPair, { isNamed }: Done): boolean {
  return isNamed || reason === 'ca-expired' || reason === 'waiting';
}

/** A timer says nothing where nothing was to be done; what no timer can do, `status` tells. */
function textOf({ count, shown, failed, serials }: Tally, done: Done, next: readonly string[]): string {
  const { isTimer, reader, dependents, hooks, postponed, applied, list, skipped } = done;
  const told = isTimer ? skipped.filter((pair) => isFailure(pair, done)) : skipped;
  const pairs = counted(count, 'pair', 'pairs');
  const title = count > 0 ? `Renewed ${pairs}\n` : isTimer ? '' : 'Nothing was renewed\n';
  return [
    title,
    ...shown.map(renewedLine),
    count > shown.length ? `  and ${count - shown.length} more, as docker-mtls list shows\n` : '',
    ...(applied === undefined ? [] : [appliedText(applied)]),
    ...postponed.map(postponedLine),
    ...failed.map(failedLine),
    ...skippedLines(told),
    ...hooks.filter(({ ok }) => !ok).map(hookLine),
    ...hooks.filter((hook) => hook.ok && !serials.has(hook.serial)).map(laterHookLine),
    ...dependents.filter(({ refreshed }) => refreshed).map(refreshedLine),
    ...(list === undefined ? [] : [`Wrote ${listText(`${reader.directory}/crl.pem`, list)}\n`]),
    ...(next.length === 0 ? [] : ['next, for what still holds the old certificates:\n']),
    ...next.map((line) => `  ${line}\n`),
  ].join('');
}

function renewedJson({
  kind,
  name,
  serial,
  notAfter,
  replaces,
  directory,
}: RenewedPair): Record<string, unknown> {
  return { kind, name, serial, replaces, notAfter: notAfter.toISOString(), directory };
}

function renewedLine({ kind, name, notAfter, directory }: RenewedPair): string {
  return `  ${kind} ${name}, until ${moment(notAfter)}, in ${directory}\n`;
}

function failedJson({ kind, name, code, message, hint }: FailedPair): Record<string, unknown> {
  return { kind, name, code, message, hint };
}

function failedLine({ kind, name, message, hint }: FailedPair): string {
  return `  failed: ${kind} ${name}: ${message}\n${hint === undefined ? '' : `    hint: ${hint}\n`}`;
}

function skippedLines(skipped: readonly SkippedPair[]): readonly string[] {
  return skipped.map(({ kind, name, message }) => `  not renewed: ${kind} ${name}: ${message}\n`);
}

function hookLine({ kind, name, outcome }: HookResult): string {
  return `  the hook of the ${kind} ${name} failed: ${outcome}; the next run with a hook runs it again\n`;
}

function postponedJson(postponed: readonly Postponed[]): Record<string, unknown> {
  if (postponed.length === 0) return {};
  return {
    postponed: postponed.map(({ kind, name, until }) => ({ kind, name, until: until.toISOString() })),
  };
}

function postponedLine({ name, until }: Postponed): string {
  return `  waits for its window: server ${name}, until ${localMoment(until)}; at once: docker-mtls renew ${shellWord(name)} --kind server --apply\n`;
}

/** The proof, and what a restart has left to do. */
function appliedText({ applied, proved }: EngineRenewal): string {
  return `${proved === undefined ? '' : stepText(proved.step)}${applied === undefined ? '' : afterwardsText(applied)}`;
}

function laterHookLine({ kind, name }: HookResult): string {
  return `  ran the hook of the ${kind} ${name}, which was left to do\n`;
}

/** As many as a screen shows. */
const MOST_COMMANDS = 20;

/** An engine reads its pair when it starts; a client uses the copy that it was handed. */
function nextSteps(
  { servers, clients }: Tally,
  { dependents, served }: { readonly dependents: readonly Dependent[]; readonly served: string | undefined },
): readonly string[] {
  const isFound = new Set(dependents.map(({ client }) => client));
  const engines = firstOf(servers, (name) => name !== served).map(
    (name) => `docker-mtls daemon-config --server ${shellWord(name)} --apply`,
  );
  const copies = dependents.flatMap(({ next }) => next ?? []);
  const bundles = firstOf(clients, (name) => !isFound.has(name)).map(
    (name) => `docker-mtls bundle ${shellWord(name)} --for HOST`,
  );
  return [...new Set([...engines, ...copies, ...bundles])].slice(0, MOST_COMMANDS);
}

function firstOf(names: Iterable<string>, isMeant: (name: string) => boolean): readonly string[] {
  const first: string[] = [];
  for (const name of names) {
    if (first.length === MOST_COMMANDS) break;
    if (isMeant(name)) first.push(name);
  }
  return first;
}
