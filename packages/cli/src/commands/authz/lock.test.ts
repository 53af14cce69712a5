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

test.each(['a1b2', 'A1:B2', '00:A1:B2', '0xA1B2', '0000a1b2'])(
  'the lock of a serial number that is written as %s is for it',
  async (text) => {
    expect(await lock('add', '--serial', text, '--policy', 'policy.yaml')).toMatchObject({ value: 'a1b2' });
  },
);

test('a serial number with an odd count of digits begins with a zero', async () => {
  const added = await lock('add', '--serial', '1000', '--policy', 'policy.yaml');
  const shorter = await lock('add', '--serial', '0x123', '--policy', 'policy.yaml');
  expect([added['value'], shorter['value']]).toEqual(['1000', '0123']);
});

test('the lock of a role that the policy does not have is warned of, since it locks nobody', async () => {
  const cwd = temporaryFolder();
  const notes: string[] = [];
  const io = { ...fakeIo({ cwd }), note: (line: string) => void notes.push(line) };
  const policy =
    'apiVersion: docker-mtls/policy.v1\nbindings:\n  - { role: viewer, subjects: [{ cn: vera }] }\nlocal: admin\n';
  fs.writeFileSync(path.join(cwd, 'policy.yaml'), policy);
  for (const role of ['viewer', 'viewers'])
    expect(await main(['authz', 'lock', 'add', '--role', role, '--policy', 'policy.yaml'], io)).toMatchObject(
      { exitCode: 0 },
    );
  expect(notes).toEqual([
    expect.stringMatching(
      /^warning: the policy has no role "viewers", so this locks nobody; it has .*\bviewer\b/u,
    ),
  ]);
});
