import fs from 'node:fs';
import path from 'node:path';
import { CACHE } from '../support/cache.ts';
import { npm, unlessUnreachable } from './npm.ts';

/** The releases that `engines` in the manifest promises. */
export const SUPPORTED = ['20', '22', '24', '26'] as const;

/** Releases that are too old, which distributions still have. */
export const TOO_OLD = ['16', '18'] as const;

export type NodeRelease = {
  readonly release: string;
  readonly node: string;
  /** Why it is missing. */
  readonly obstacle: string | undefined;
};

/** What npm's `node` package installs on this machine: the binary alone. */
const PACKAGE = `node-${process.platform}-${process.arch}`;

/** Releases of Node, fetched on the first call and kept in the cache of the tests. */
export function nodeReleases(releases: readonly string[]): Promise<readonly NodeRelease[]> {
  return Promise.all(
    releases.map(async (release) => {
      const folder = path.join(CACHE, `node-${release}`);
      const node = path.join(folder, 'node_modules', PACKAGE, 'bin', 'node');
      return { release, node, obstacle: await unlessUnreachable(() => provide(release, folder)) };
    }),
  );
}

async function provide(release: string, folder: string): Promise<void> {
  if (fs.existsSync(folder)) return;
  // Under another name until it is complete.
  const partial = `${folder}.${process.pid}`;
  fs.mkdirSync(partial, { recursive: true });
  try {
    // With --prefix, npm would not read the machine's configuration; without this file, it would look further up.
    fs.writeFileSync(path.join(partial, 'package.json'), '{}');
    await npm(['install', `${PACKAGE}@${release}`], partial);
    fs.renameSync(partial, folder);
  } finally {
    fs.rmSync(partial, { recursive: true, force: true });
  }
}
