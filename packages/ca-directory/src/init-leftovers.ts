import fs from 'node:fs';
import nodePath from 'node:path';
import { quote } from '@docker-mtls/errors';
import { explained, isPartialName, namesIn } from '@docker-mtls/files';
import { StoreError } from './error.ts';
import type { Layout } from './layout.ts';

// What a creation that was killed before its commit can have left. `ca.pem` is not among it: it comes after.
// The registry is the last to be taken away: with it, what else is there would be foreign.
const OURS: readonly string[] = [
  'README.md',
  'clients',
  'private',
  'profiles',
  'servers',
  'registry.db-journal',
  'registry.db',
];
// Every new ext4 volume has one.
const HARMLESS: readonly string[] = ['lost+found'];
const KEY_FILE = 'ca-key.pem';

/**
 * Only a folder that is empty, or holds no more than an interrupted creation leaves, becomes a CA
 * directory. Code: `CA_DIRECTORY_NOT_EMPTY`.
 */
export function refuseForeignFiles(layout: Layout): void {
  const begun = fs.existsSync(layout.registry);
  const known = begun ? [...OURS, ...HARMLESS] : HARMLESS;
  // The next file that is made there removes what a killed creation was making: see `createFile`.
  const isKnown = (name: string): boolean => known.includes(name) || (begun && isPartialName(name));
  const foreign = [
    ...namesIn(layout.directory).filter((name) => !isKnown(name)),
    ...namesIn(layout.private).filter((name) => name !== KEY_FILE && !isPartialName(name)),
    ...['servers', 'clients'].flatMap((folder) => namesIn(nodePath.join(layout.directory, folder))),
  ];
  const [first] = foreign;
  if (first === undefined) return;
  throw new StoreError(
    'CA_DIRECTORY_NOT_EMPTY',
    `${layout.directory} is not empty: it holds ${quote(first)}`,
    {
      hint: 'choose a new or empty directory with --ca-dir',
    },
  );
}

/** Its key never had a certificate, and its profiles may be cut off: they are written again. */
export function clearLeftovers({ caKey, profiles, readme }: Layout): void {
  for (const path of [caKey, profiles, readme].filter((each) => fs.existsSync(each)))
    explained('remove', path, () => fs.rmSync(path, { recursive: true }));
}

/** Takes back all that a creation which failed has laid down. Needs the lock, which goes with the registry. */
export function removeLeftovers({ directory }: Layout): void {
  for (const name of ['ca.pem', 'crl.pem', ...OURS]) {
    fs.rmSync(nodePath.join(directory, name), { recursive: true, force: true });
  }
}

/** Takes back the mark of a creation that came no further. */
export function removeEmptyRegistry({ registry }: Layout): void {
  if (fs.statSync(registry, { throwIfNoEntry: false })?.size !== 0) return;
  for (const path of [`${registry}-journal`, registry]) fs.rmSync(path, { force: true });
}
