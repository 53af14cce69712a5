import nodePath from 'node:path';
import { isPartialName, namesIn } from '@docker-mtls/files';
import { SCHEMA_WITH_UNFINISHED_WORK } from '@docker-mtls/registry';
import type { LeafKind, RegistryReader } from '@docker-mtls/registry';
import { kindFolder, LEAF_KINDS } from '../layout.ts';
import type { Layout } from '../layout.ts';
import type { Observation } from './observation.ts';
import type { PublishedRow } from './pairs.ts';

/** Looks for files and folders among the pairs that are those of no certificate, in force or not. */
export async function strangerObservations(
  layout: Layout,
  registry: RegistryReader,
  published: readonly PublishedRow[],
): Promise<readonly Observation[]> {
  const strangers: Observation[] = [];
  for (const kind of LEAF_KINDS) {
    const folder = kindFolder(layout, kind);
    const inForce = new Set(published.map(({ pair }) => (pair.kind === kind ? pair.folder : '')));
    // Hidden ones are those of earlier releases, and what killed commands were making.
    const others = namesIn(folder).filter(
      (name) => !name.startsWith('.') && !isPartialName(name) && !inForce.has(name),
    );
    // Nearly always there are none, and what is not in force need not be read.
    const known = others.length === 0 ? inForce : await foldersOnRecord(registry, kind);
    for (const name of others.filter((each) => !known.has(each))) {
      const path = nodePath.join(folder, name);
      strangers.push({ word: 'stranger', subject: path, message: `${path} is of no ${kind} on record` });
    }
  }
  return strangers;
}

async function foldersOnRecord(registry: RegistryReader, kind: LeafKind): Promise<ReadonlySet<string>> {
  const records = await registry.certificates({ kind, all: true });
  const tellsUnfinished = (await registry.schema()) >= SCHEMA_WITH_UNFINISHED_WORK;
  const unfinished = tellsUnfinished
    ? (await registry.unfinished()).filter((work) => work.kind === kind)
    : [];
  return new Set([...records, ...unfinished].map(({ folder }) => folder ?? ''));
}
