import fs from 'node:fs';
import nodePath from 'node:path';
import { isPair, readCertificate, readKeyPair } from '@docker-mtls/ca';
import { orRefused, quote } from '@docker-mtls/errors';
import { currentGeneration, lstatIfExists, readGeneration } from '@docker-mtls/files';
import type { RegistryReader } from '@docker-mtls/registry';
import { leafPaths } from '../layout.ts';
import type { Layout } from '../layout.ts';
import { pairDirectory, pairFileNames } from '../pair-folder.ts';
import type { RecordedPair } from '../pair-folder.ts';
import { recordedPair } from '../reinstate-pair.ts';
import { rootsPem } from '../root-files.ts';
import type { Observation } from './observation.ts';

/** Compares the published files of every certificate in force with the registry. */
export async function pairObservations(
  layout: Layout,
  registry: RegistryReader,
  rows: readonly PublishedRow[],
): Promise<readonly Observation[]> {
  const roots = await rootsPem(registry);
  return rows.flatMap(({ pair, name }) => inspectPair(layout, pair, { name, roots }));
}

/** A certificate in force whose files are published. */
export type PublishedRow = { readonly pair: RecordedPair; readonly name: string };

export async function publishedRows(registry: RegistryReader): Promise<readonly PublishedRow[]> {
  const rows: PublishedRow[] = [];
  for (const kind of ['server', 'client'] as const)
    for (const record of await registry.certificates({ kind }))
      if (record.folder !== undefined) rows.push({ pair: recordedPair(record), name: record.name });
  return rows;
}

type Known = { readonly name: string; readonly roots: string };

function inspectPair(layout: Layout, pair: RecordedPair, { name, roots }: Known): readonly Observation[] {
  const directory = pairDirectory(layout, pair);
  if (!fs.existsSync(directory))
    return [
      {
        word: 'pair-missing',
        subject: directory,
        message: `the files of the ${pair.kind} ${quote(name)} are gone: there is no ${directory}`,
      },
    ];
  return orUnreadable(directory, () => inspectFiles(layout, pair, { name, roots }));
}

/** A folder, a pipe or a file of somebody else is where a file should be. */
export function orUnreadable(subject: string, inspect: () => readonly Observation[]): readonly Observation[] {
  return orRefused(inspect, ({ message, hint }) => [{ word: 'file-differs', subject, message, hint }]);
}

function inspectFiles(layout: Layout, pair: RecordedPair, { name, roots }: Known): readonly Observation[] {
  const directory = pairDirectory(layout, pair);
  const paths = leafPaths(directory, pair.kind);
  const [key, ca, certificate] = readGeneration(directory, pairFileNames(pair.kind), layout);
  const why = keyProblem(pair, key);
  return [
    ...(key === undefined ? missingKey(paths.key, { pair, name, directory }) : []),
    ...compare(paths.certificate, certificate, pair.certificatePem),
    ...compare(paths.ca, ca, roots),
    ...(why === undefined
      ? []
      : [
          {
            word: 'pair-key-differs' as const,
            subject: paths.key,
            message: `${paths.key} is not the key of the certificate on record for the ${pair.kind} ${quote(name)}: ${why}`,
          },
        ]),
  ];
}

type PairOnDisk = { readonly pair: RecordedPair; readonly name: string; readonly directory: string };

/** Of a key that was made elsewhere there is neither a link nor what that leads to. */
function missingKey(path: string, { pair, name, directory }: PairOnDisk): readonly Observation[] {
  const generation = nodePath.join(directory, currentGeneration(directory) ?? '');
  const isLeft = [path, leafPaths(generation, pair.kind).key].some(
    (each) => lstatIfExists(each) !== undefined,
  );
  if (!isLeft) return [];
  const message = `the private key of the ${pair.kind} ${quote(name)} was removed: ${path} leads to none`;
  return [{ word: 'pair-key-missing', subject: path, message }];
}

/** Without a key, it was made elsewhere, or is lost: the registry cannot tell. */
function keyProblem({ certificatePem }: RecordedPair, key: Buffer | undefined): string | undefined {
  if (key === undefined) return undefined;
  return orRefused(
    () => (isPair(readCertificate(certificatePem), readKeyPair(key)) ? undefined : 'it is another one'),
    ({ message }) => message,
  );
}

export function isKeyOf(pair: RecordedPair, key: Buffer | undefined): boolean {
  return keyProblem(pair, key) === undefined;
}

export function compare(path: string, there: Buffer | undefined, wanted: string): readonly Observation[] {
  if (there === undefined) return [{ word: 'file-missing', subject: path, message: `${path} is missing` }];
  if (there.toString('utf8') === wanted) return [];
  return [{ word: 'file-differs', subject: path, message: `${path} is not what the registry has` }];
}
