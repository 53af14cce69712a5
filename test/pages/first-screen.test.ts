import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { fakeIo } from '../../packages/cli/testing/fake-io.ts';
import { main } from '../../packages/cli/src/main.ts';
import { REPOSITORY } from '../support/cache.ts';
import { temporaryFolder } from '../support/temp.ts';

// The README shows a host on which nothing was done yet, at the moment at which the clock of these tests stands.

test('the first command of the README says what the README says', async () => {
  const readme = fs.readFileSync(path.join(REPOSITORY, 'README.md'), 'utf8');
  const [, shown = ''] = /^# docker-mtls (secure .*?)^…/ms.exec(readme) ?? [];
  const [command = '', ...lines] = shown.trim().split('\n');

  const host = temporaryFolder();
  for (const folder of ['root', 'etc/docker']) fs.mkdirSync(path.join(host, folder), { recursive: true });
  fs.writeFileSync(path.join(host, 'etc/docker/daemon.json'), '{"debug": true}\n');
  const io = fakeIo({ cwd: path.join(host, 'root'), env: { HOME: path.join(host, 'root') } });
  // Nothing listens on port 1.
  const elsewhere = ['--config', path.join(host, 'etc/docker/daemon.json'), '--listen', '0.0.0.0:1'];
  const { exitCode, stdout } = await main([...command.split(' '), ...elsewhere], io);
  const said = (stdout as string).replaceAll(host, '').replaceAll(/:1\b/g, ':2376');
  expect(exitCode).toBe(0);
  expect(said.split('\n').slice(0, lines.length)).toEqual(lines);
});
