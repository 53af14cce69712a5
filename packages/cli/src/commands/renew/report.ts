import type { Renewed, RenewalPlan, RenewedPair } from '@docker-mtls/authority';
import { shellWord } from '@docker-mtls/errors';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { counted, moment } from '@docker-mtls/text';
import type { Report } from '../../command-line/command.ts';
import type { OutdatedContext } from './contexts-of.ts';

const FAILED = 1;

type Surroundings = { readonly reader: StoreReader; readonly isNamed: boolean };

/** What `--dry-run` shows. */
export function planReport({ renewing, skipped }: RenewalPlan, { reader }: Surroundings): Report {
  const lines = renewing.map(({ kind, name, notAfter }) => `  ${kind} ${name}, until ${moment(notAfter)}\n`);
  const title = `Would renew ${counted(renewing.length, 'pair', 'pairs')}\n`;
  return {
    json: { directory: reader.directory, renewing: renewing.map(entryJson), skipped },
    text: [title, ...lines, ...skippedLines(skipped)].join(''),
  };
}

function entryJson({ kind, name, serial, notAfter }: Entry): Record<string, unknown> {
  return { kind, name, serial, notAfter: notAfter.toISOString() };
}

/** Exit code 1 where a pair was named and not renewed, or the CA has ended. */
export function renewedReport(
  { renewed, skipped }: Renewed,
  { reader, isNamed, contexts }: Surroundings & { readonly contexts: readonly OutdatedContext[] },
): Report {
  const hasFailed = skipped.some(({ reason }) => isNamed || reason === 'ca-expired');
  const next = nextCommands(renewed, contexts);
  const lines = renewed.map(
    ({ kind, name, certificate: { info }, directory }) =>
      `  ${kind} ${name}, until ${moment(info.notAfter)}, in ${directory}\n`,
  );
  return {
    json: { directory: reader.directory, renewed: renewed.map(renewedJson), skipped, contexts, next },
    text: [
      renewed.length === 0
        ? 'Nothing was renewed\n'
        : `Renewed ${counted(renewed.length, 'pair', 'pairs')}\n`,
      ...lines,
      ...skippedLines(skipped),
      ...(next.length === 0 ? [] : ['next, for what still holds the old certificates:\n']),
      ...next.map((line) => `  ${line}\n`),
    ].join(''),
    ...(hasFailed && { exitCode: FAILED }),
  };
}

function renewedJson({ kind, name, certificate, replaces, directory }: RenewedPair): Record<string, unknown> {
  const { serial, notAfter } = certificate.info;
  return { kind, name, serial, replaces: replaces.serial, notAfter: notAfter.toISOString(), directory };
}

function skippedLines(skipped: RenewalPlan['skipped']): readonly string[] {
  return skipped.map(({ kind, name, message }) => `  not renewed: ${kind} ${name}: ${message}\n`);
}

/** As many as a screen shows. */
const MOST_COMMANDS = 20;

/** An engine reads its pair when it starts; a client uses the copy that it was handed. */
function nextCommands(
  renewed: readonly RenewedPair[],
  contexts: readonly OutdatedContext[],
): readonly string[] {
  const engines = renewed
    .filter(({ kind }) => kind === 'server')
    .map(({ name }) => `docker-mtls daemon-config --server ${shellWord(name)} --apply`);
  const refreshed = contexts.map(({ context }) => `docker-mtls context update ${shellWord(context)}`);
  const bundles = renewed
    .filter(({ kind }) => kind === 'client')
    .map(({ name }) => `docker-mtls bundle ${shellWord(name)}`);
  return [...engines, ...refreshed, ...bundles].slice(0, MOST_COMMANDS);
}
