import fs from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temp.ts';
import { listed, noCertificateUnknown, publishedPairsAreWhole } from './ca-promises.ts';
import { inHome } from './kill-everywhere.ts';

type Answer = { readonly code?: number | undefined; readonly findings: readonly unknown[] };

/** `ca check` or `ca repair` of the CA directory in a home folder. */
export async function caCare(home: string, word: 'check' | 'repair', directory = 'ca'): Promise<Answer> {
  const words = ['ca', word, '--ca-dir', path.join(home, directory), '--json'];
  const { code, stdout } = await cli(words, inHome(home));
  return { code, ...(JSON.parse(stdout) as Answer) };
}

/** A repair makes the CA directory whole; in a copy, so that what comes next finds it as it was left. */
export async function isRepairable(home: string): Promise<void> {
  const copy = path.join(temporaryFolder(), 'home');
  fs.cpSync(home, copy, { recursive: true, verbatimSymlinks: true });
  expect(await caCare(copy, 'repair')).toMatchObject({ code: 0, findings: [] });
  noCertificateUnknown(copy, (await listed(copy)) ?? []);
  publishedPairsAreWhole(copy);
  fs.rmSync(copy, { recursive: true });
}

/** Every CA directory in a home folder is what its registry says, as it is or after a repair. */
export async function isWhole(home: string, word: 'check' | 'repair'): Promise<void> {
  const directories = fs
    .readdirSync(home)
    .filter((name) => fs.existsSync(path.join(home, name, 'registry.db')));
  expect(directories).not.toEqual([]);
  for (const directory of directories)
    expect([directory, await caCare(home, word, directory)]).toEqual([
      directory,
      expect.objectContaining({ code: 0, findings: [] }),
    ]);
}
