import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../../test/support/temp.ts';
import { fakeIo } from '../../../testing/fake-io.ts';
import { main } from '../../main.ts';

async function lock(...words: readonly string[]): Promise<Record<string, unknown>> {
  const io = fakeIo({ cwd: temporaryFolder() });
  const { exitCode, stdout } = await main(['authz', 'lock', ...words, '--json'], io);
  return { exitCode, ...(JSON.parse(String(stdout)) as object) };
}

test.each([
  ['--serial', 'zz', '--serial "zz" cannot be a serial'],
  ['--fingerprint', '12:34', '--fingerprint "12:34" cannot be a fingerprint'],
  ['--role', 'Viewer', '--role "Viewer" cannot be a role'],
])(
  '%s %s is a mistake in the command line, and the file of locks is not to blame',
  async (option, value, says) => {
    expect(await lock('add', option, value, '--policy', 'policy.yaml')).toMatchObject({
      exitCode: 2,
      error: { code: 'USAGE', message: says },
    });
  },
);

test('a machine without an installed policy has no place for locks', async () => {
  for (const words of [['add', '--name', 'alice'], ['list'], ['remove', '1']])
    expect(await lock(...words)).toMatchObject({ exitCode: 1, error: { code: 'POLICY_NOT_INSTALLED' } });
});

test('locks are kept next to the policy that is installed, where none is named', async () => {
  const policies = temporaryFolder();
  fs.mkdirSync(path.join(policies, 'docker'));
  fs.writeFileSync(path.join(policies, 'docker/policy.yaml'), '');
  const io = fakeIo({ cwd: temporaryFolder() });
  const here = { ...io, systemFolders: { ...io.systemFolders, policies } };
  const { stdout } = await main(['authz', 'lock', 'add', '--name', 'alice'], here);
  expect(stdout).toBe('Locked the name alice\nundo: docker-mtls authz lock remove 1\n');
  expect(fs.readFileSync(path.join(policies, 'docker/locks.json'), 'utf8')).toContain('alice');
});
