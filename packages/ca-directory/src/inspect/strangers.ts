import nodePath from 'node:path';
import { isPartialName, namesIn } from '@docker-mtls/files';
import { SCHEMA_WITH_UNFINISHED_WORK } from '@docker-mtls/registry';
import type { RegistryReader } from '@docker-mtls/registry';
import { kindFolder, LEAF_KINDS } from '../layout.ts';
import type { Layout } from '../layout.ts';
import type { Observation } from './observation.ts';

/** Looks for files and folders among the pairs that are those of no certificate, in force or not. */
export async function strangerObservations(
  layout: Layout,
  registry: RegistryReader,
): Promise<readonly Observation[]> {
  const strangers: Observation[] = [];
  for (const kind of LEAF_KINDS) {
    const folder = kindFolder(layout, kind);
    // Hidden ones are those of earlier releases, and what killed commands were making.
    const names = namesIn(folder).filter((name) => !name.startsWith('.') && !isPartialName(name));
    const published = await foldersOf(registry, kind, false);
    const others = names.filter((name) => !published.has(name));
    // Nearly always there are none, and what is not in force need not be read.
    const known = others.length === 0 ? published : await foldersOf(registry, kind, true);
    for (const name of others.filter((each) => !known.has(each))) {
      const path = nodePath.join(folder, name);
      strangers.push({ word: 'stranger', subject: path, message: `${path} is of no ${kind} on record` });
    }
  }
  return strangers;
}

async function foldersOf(
  registry: RegistryReader,
  kind: (typeof LEAF_KINDS)[number],
  all: boolean,
): Promise<ReadonlySet<string>> {
  const records = await registry.certificates({ kind, all });
  const tellsUnfinished = (await registry.schema()) >= SCHEMA_WITH_UNFINISHED_WORK;
  const unfinished = tellsUnfinished
    ? (await registry.unfinished()).filter((work) => work.kind === kind)
    : [];
  return new Set([...records, ...unfinished].map(({ folder }) => folder ?? ''));
}
