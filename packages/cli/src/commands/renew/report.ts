import type {
  FailedPair,
  HookResult,
  Renewed,
  RenewalPlan,
  RenewablePair,
  RenewedPair,
  SkippedPair,
} from '@docker-mtls/authority';
import { escapeUnprintable, shellWord } from '@docker-mtls/errors';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { counted, moment } from '@docker-mtls/text';
import type { Report } from '../../command-line/command.ts';
import type { Dependent } from './dependents/dependent.ts';

const FAILED = 1;

type Surroundings = { readonly reader: StoreReader; readonly isNamed: boolean };

/** What `--dry-run` shows. */
export function planReport({ renewing, skipped }: RenewalPlan, { reader }: Surroundings): Report {
  const lines = renewing.map(({ kind, name, notAfter }) => `  ${kind} ${name}, until ${moment(notAfter)}\n`);
  const title = `Would renew ${counted(renewing.length, 'pair', 'pairs')}\n`;
  return {
    json: { directory: reader.directory, renewing: renewing.map(plannedJson), skipped },
    text: [title, ...lines, ...skippedLines(skipped)].join(''),
  };
}

function plannedJson({ kind, name, serial, notAfter }: RenewablePair): Record<string, unknown> {
  return { kind, name, serial, notAfter: notAfter.toISOString() };
}

export type Done = Surroundings & {
  readonly dependents: readonly Dependent[];
  readonly hooks: readonly HookResult[];
};

/** Exit code 1 where something that should have been renewed was not, or a hook failed. */
export function renewedReport(
  { renewed, failed, skipped }: Renewed,
  { reader, isNamed, dependents, hooks }: Done,
): Report {
  const hasFailed =
    failed.length > 0 ||
    hooks.some(({ ok }) => !ok) ||
    skipped.some(({ reason }) => isNamed || reason === 'ca-expired' || reason === 'waiting');
  const next = nextSteps(renewed, dependents);
  return {
    json: {
      directory: reader.directory,
      renewed: renewed.map(renewedJson),
      failed: failed.map(failedJson),
      skipped,
      hooks,
      dependents,
      next,
    },
    text: [
      renewed.length === 0
        ? 'Nothing was renewed\n'
        : `Renewed ${counted(renewed.length, 'pair', 'pairs')}\n`,
      ...renewed.map(renewedLine),
      ...failed.map(failedLine),
      ...skippedLines(skipped),
      ...hooks.filter(({ ok }) => !ok).map(hookLine),
      ...dependents.filter(({ refreshed }) => refreshed).map(refreshedLine),
      ...(next.length === 0 ? [] : ['next, for what still holds the old certificates:\n']),
      ...next.map((line) => `  ${line}\n`),
    ].join(''),
    ...(hasFailed && { exitCode: FAILED }),
  };
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

/** As many as a screen shows. */
const MOST_COMMANDS = 20;

/** An engine reads its pair when it starts; a client uses the copy that it was handed. */
function nextSteps(renewed: readonly RenewedPair[], dependents: readonly Dependent[]): readonly string[] {
  const engines = renewed
    .filter(({ kind }) => kind === 'server')
    .map(({ name }) => `docker-mtls daemon-config --server ${shellWord(name)} --apply`);
  const copies = dependents.flatMap(({ next }) => next ?? []);
  const isFound = new Set(dependents.map(({ client }) => client));
  const bundles = renewed
    .filter(({ kind, name }) => kind === 'client' && !isFound.has(name))
    .map(({ name }) => `docker-mtls bundle ${shellWord(name)}`);
  return [...new Set([...engines, ...copies, ...bundles])].slice(0, MOST_COMMANDS);
}

function refreshedLine({ kind, place, client }: Dependent): string {
  const what = { context: 'context', bundle: 'bundle', ci: 'credentials' }[kind];
  return `  refreshed: ${what} ${escapeUnprintable(place)} of ${client}\n`;
}
