import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeTestCa } from '../../testing/make-ca.ts';
import { COMMANDS } from '../commands/index.ts';
import { hintInCa } from './hint-in-ca.ts';

describe('a hint', () => {
  test.each([
    ['docker-mtls list shows what was', "docker-mtls list --ca-dir 'our ca' shows what was"],
    ['run docker-mtls ca rotate status', "run docker-mtls ca rotate status --ca-dir 'our ca'"],
    ['use it (docker-mtls list), or another', "use it (docker-mtls list --ca-dir 'our ca'), or another"],
    [
      'docker-mtls list, docker-mtls show x; --ca-dir names another',
      "docker-mtls list --ca-dir 'our ca', docker-mtls show --ca-dir 'our ca' x; --ca-dir names another",
    ],
  ])('%s: %s', (hint, expected) => {
    expect(hintInCa(hint, 'our ca', COMMANDS)).toBe(expected);
  });

  test.each([
    'docker-mtls ca restore FILE --ca-dir OTHER',
    'docker-mtls unbundle FILE --install',
    'choose another name',
    'docker-mtls nothing',
  ])('%s: as it was', (hint) => {
    expect(hintInCa(hint, 'our ca', COMMANDS)).toBe(hint);
  });
});

test('the command that an error names is about the same CA', async () => {
  const ca = await makeTestCa();
  const directory = path.join(ca.folder, "it's ours");
  await ca.run('init-ca', '--ca-dir', directory);
  const { stdout } = await ca.run('bundle', 'alice', '--ca-dir', directory, '--json');
  const { hint } = (JSON.parse(String(stdout)) as { error: { hint: string } }).error;
  const word = `'${directory.replace("'", String.raw`'\''`)}'`;
  expect(hint).toContain(`docker-mtls issue-client --ca-dir ${word} alice`);
  fs.chmodSync(path.join(directory, 'crl.pem'), 0o666);
  for (const check of ['ca check', 'status'])
    expect((await ca.run(...check.split(' '), '--ca-dir', directory)).stdout).toContain(
      `docker-mtls ca repair --ca-dir ${word}`,
    );
  await ca.run('issue-client', 'bob', '--ca-dir', directory);
  const revoked = await ca.run('revoke', 'bob', '--yes', '--ca-dir', directory);
  expect(revoked.stdout).toContain(`docker-mtls ca rotate prepare --ca-dir ${word}`);
  const usage = await ca.run('daemon-config', '--config', 'd.json', '--ca-dir', directory);
  expect(usage.stderr).toContain(`docker-mtls issue-server --ca-dir ${word} NAME`);
});
