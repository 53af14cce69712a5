import fs from 'node:fs';
import path from 'node:path';
import { CACHE } from '../support/cache.ts';
import { npm, unlessUnreachable } from './npm.ts';

/** The releases that `engines` in the manifest promises. */
const NODE_RELEASES = ['20', '22', '24', '26'] as const;

export type NodeRelease = {
  readonly release: (typeof NODE_RELEASES)[number];
  readonly node: string;
  /** Why it is not here. */
  readonly obstacle: string | undefined;
};

/** What npm's `node` package installs on this machine: the binary alone. */
const PACKAGE = `node-${process.platform}-${process.arch}`;

/** The releases, fetched on the first call and kept in the cache of the tests. */
export function nodeReleases(): Promise<readonly NodeRelease[]> {
  return Promise.all(
    NODE_RELEASES.map(async (release) => {
      const folder = path.join(CACHE, `node-${release}`);
      const node = path.join(folder, 'node_modules', PACKAGE, 'bin', 'node');
      return { release, node, obstacle: await unlessUnreachable(() => provide(release, folder)) };
    }),
  );
}

async function provide(release: string, folder: string): Promise<void> {
  if (fs.existsSync(folder)) return;
  // Under another name until it is whole.
  const partial = `${folder}.${process.pid}`;
  fs.mkdirSync(partial, { recursive: true });
  try {
    await npm(['install', '--prefix', partial, `${PACKAGE}@${release}`], partial);
    fs.renameSync(partial, folder);
  } finally {
    fs.rmSync(partial, { recursive: true, force: true });
  }
}
