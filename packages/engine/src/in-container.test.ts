import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { refuseInContainer } from './in-container.ts';
import { locateEngine } from './local-engine.ts';

const MACHINE = { env: {}, platform: 'linux', uid: 0 } as const;

type World = {
  readonly mounts?: readonly string[];
  readonly hasEngine?: boolean;
  readonly config?: string;
  readonly isContainer?: boolean;
};

function tell({ mounts = ['/'], hasEngine = false, config, isContainer = true }: World): () => void {
  const folder = temporaryFolder();
  const mark = path.join(folder, '.dockerenv');
  if (isContainer) fs.writeFileSync(mark, '');
  const mountInfo = path.join(folder, 'mountinfo');
  const lines = mounts.map((point, index) => `${index + 1} 0 0:${index} / ${point} rw - ext4 /dev/x rw\n`);
  fs.writeFileSync(mountInfo, lines.join(''));
  return () => refuseInContainer(locateEngine({ config }, MACHINE), { marks: [mark], mountInfo, hasEngine });
}

test('the usual daemon.json of a container without an engine is refused', () => {
  expect(tell({})).toThrow(expect.objectContaining({ code: 'HOST_IN_CONTAINER' }));
});

test.each<World & { readonly name: string }>([
  { name: 'whose folder is mounted', mounts: ['/', '/etc/docker'] },
  { name: 'when it is mounted itself', mounts: ['/', '/etc/docker/daemon.json'] },
  { name: 'where an engine is installed, as in Docker-in-Docker', hasEngine: true },
  { name: 'when another file is named', config: '/work/daemon.json' },
  { name: 'of a machine', isContainer: false },
])('a daemon.json is taken $name', (world) => {
  expect(tell(world)).not.toThrow();
});
