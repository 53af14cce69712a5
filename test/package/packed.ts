import fs from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../support/cache.ts';
import { BUNDLE } from '../support/cli.ts';
import { output } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { npm } from './npm.ts';

/** The package as it would be published. */
export type Packed = {
  readonly tarball: string;
  /** Its content, unpacked. */
  readonly folder: string;
};

/** Packs the command line with plain npm, the way a release does. */
export async function pack(): Promise<Packed> {
  if (!fs.existsSync(BUNDLE)) throw new Error(`${BUNDLE} is not there: pnpm build makes it`);
  const folder = temporaryFolder();
  await npm(['pack', '--pack-destination', folder], path.join(REPOSITORY, 'packages/cli'));
  const [name = ''] = fs.readdirSync(folder);
  const tarball = path.join(folder, name);
  await output('tar', ['-xzf', tarball, '-C', folder]);
  return { tarball, folder: path.join(folder, 'package') };
}

/** Every file below a folder, with its path from there. */
export function filesBelow(folder: string): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted();
}
