import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { askDocker } from './ask-docker.ts';
import { parseSshHost } from './ssh-host.ts';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

/** What stands in for the docker command says just that. */
function ask(says: string): ReturnType<typeof askDocker> {
  fs.writeFileSync(path.join(folder, 'says'), says);
  fs.writeFileSync(path.join(folder, 'docker'), `#!/bin/sh\nexec /bin/cat ${folder}/says\n`, { mode: 0o755 });
  return askDocker(parseSshHost('ssh://node1'), {
    env: { PATH: folder },
    patience: { connect: 60, answer: 60 },
  });
}

test('reads the version of the engine', async () => {
  expect(await ask('{"Version":"28.5.2","ApiVersion":"1.51","Os":"linux"}\n')).toEqual({
    version: '28.5.2',
    apiVersion: '1.51',
  });
});

test.each(['', 'null', '[]', '{"Version":1}', '{"ApiVersion":"1.51"}', 'Emulate Docker CLI using podman.'])(
  'does not take for an engine what says %j',
  async (says) => {
    expect(await ask(says)).toMatchObject({
      problem: 'docker-refuses-here',
      message: expect.stringContaining(`does not go on: it says ${JSON.stringify(says)}`),
    });
  },
);
