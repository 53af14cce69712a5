import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { onCleanup } from '../../../test/support/cleanup.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { engineStarts } from './engine-starts.ts';

test('an engine whose daemon.json cannot be looked at hides no other one', async () => {
  const folder = temporaryFolder();
  const program = path.join(folder, 'dockerd');
  fs.copyFileSync('/bin/sleep', program);
  fs.chmodSync(program, 0o755);
  const config = path.join(folder, 'daemon.json');
  fs.writeFileSync(config, '{}');
  const loop = path.join(folder, 'loop');
  fs.symlinkSync(loop, loop);
  for (const file of [path.join(loop, 'daemon.json'), config]) {
    const child = spawn(program, ['600'], { argv0: `--config-file=${file}`, stdio: 'ignore' });
    onCleanup(() => void child.kill());
  }
  await eventually(() => expect(engineStarts(config)).toHaveLength(1));
});
