import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../../test/support/temp.ts';
import { fakeIo, typing } from '../../../testing/fake-io.ts';
import { main } from '../../main.ts';

const NEW = ['Passphrase for the new CA key (empty for none): ', 'The same again: '];

function secure(home: string, askSecret: ReturnType<typeof typing>['askSecret']): ReturnType<typeof main> {
  const argv = ['secure', 'node1', '--client', 'alice', '--config', 'daemon.json', '--ca-dir', 'ca'];
  return main(argv, fakeIo({ cwd: home, askSecret }));
}

test('a passphrase that was just chosen is not asked for again; a later run asks for it once', async () => {
  const home = temporaryFolder();
  const first = typing('correct horse', 'correct horse');
  expect(await secure(home, first.askSecret)).toMatchObject({ exitCode: 0 });
  expect(first.questions).toEqual(NEW);
  expect(fs.readFileSync(path.join(home, 'ca/private/ca-key.pem'), 'utf8')).toContain('BEGIN ENCRYPTED');

  const second = typing();
  expect(await secure(home, second.askSecret)).toMatchObject({ exitCode: 0 });
  expect(second.questions).toEqual([]);

  fs.rmSync(path.join(home, 'ca/clients'), { recursive: true });
  const third = typing('correct horse');
  expect(await secure(home, third.askSecret)).toMatchObject({ exitCode: 0 });
  expect(third.questions).toEqual(['Passphrase of the CA key: ']);
});
