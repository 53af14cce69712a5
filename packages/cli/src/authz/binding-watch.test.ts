import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';
import { main } from '../main.ts';

let ca: TestCa;
let notes: string[];

beforeEach(async () => {
  ca = await makeTestCa(
    ['issue-client', 'alice', '--group', 'ops'],
    ['issue-client', 'ci-web'],
    ['issue-client', 'ci-api'],
  );
  const { authorityKeyId = '', fingerprint } = (await ca.current('client', 'alice')).certificate().info;
  write(`apiVersion: docker-mtls/policy.v1
bindings:
  - { role: admin, subjects: [{ cn: alice }, { fingerprint: ${fingerprint} }] }
  - { role: operator, subjects: [{ ou: ops, issuer: '${authorityKeyId}' }] }
  - { role: ci, subjects: [{ cn: 'ci-*' }, { cn: nobody }] }
`);
  notes = [];
});

function write(policy: string): void {
  fs.mkdirSync(path.join(ca.folder, 'etc/docker'), { recursive: true });
  fs.writeFileSync(path.join(ca.folder, 'etc/docker/policy.yaml'), policy);
}

async function answer(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const io = {
    ...ca.io,
    systemFolders: { policies: path.join(ca.folder, 'etc'), logs: '/nowhere' },
    note: (line: string) => void notes.push(line),
  };
  const { stdout, exitCode } = await main([...argv, '--json'], io);
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

function rulesOf(found: Record<string, unknown>): readonly string[] {
  const bindings = (found['bindings'] ?? []) as readonly { rule: string; subject: string }[];
  return bindings.map(({ rule, subject }) => `${rule} ${subject.split(' ')[0] ?? ''}`);
}

test('revoke says which bindings match no client any more', async () => {
  expect(rulesOf(await answer('revoke', 'alice', '--yes'))).toEqual([
    'bindings[0] cn',
    'bindings[0] fingerprint',
    'bindings[1] ou',
  ]);
  expect(rulesOf(await answer('revoke', 'ci-web', '--yes'))).toEqual([]);
  expect(rulesOf(await answer('revoke', 'ci-api', '--yes'))).toEqual(['bindings[2] cn']);
});

test('renew says that a fingerprint changes, before and after it does', async () => {
  const expected = ['bindings[0] fingerprint'];
  expect(rulesOf(await answer('renew', 'alice', 'ci-web', '--dry-run'))).toEqual(expected);
  expect(rulesOf(await answer('renew', 'alice', 'ci-web'))).toEqual(expected);
  expect(rulesOf(await answer('renew', 'alice', 'ci-web'))).toEqual([]);
});

test('the question before a revocation says it', async () => {
  const questions: string[] = [];
  const askYes = async (question: string): Promise<boolean> => {
    questions.push(question);
    return false;
  };
  const systemFolders = { policies: path.join(ca.folder, 'etc'), logs: '/nowhere' };
  await main(['revoke', 'alice'], { ...ca.io, systemFolders, askYes });
  expect(questions[0]).toMatch(
    /policy\.yaml: bindings\[1\] \(role operator\) matches no client any more: ou ops issued by/,
  );
});

test('ca rotate names the bindings by the old key, as soon as there is another one', async () => {
  const byKey = ['bindings[0] fingerprint', 'bindings[1] ou'];
  expect(rulesOf(await answer('ca', 'rotate', 'status'))).toEqual([]);
  expect(rulesOf(await answer('ca', 'rotate', 'prepare'))).toEqual(byKey);
  expect(rulesOf(await answer('ca', 'rotate', 'switch'))).toEqual(byKey);
  expect(rulesOf(await answer('renew', '--all'))).toEqual(byKey);
  expect(rulesOf(await answer('ca', 'rotate', 'status'))).toEqual([]);
});

test('a policy that cannot be read does not keep a certificate in force', async () => {
  write('mode: x\n');
  expect(await answer('revoke', 'alice', '--yes')).toMatchObject({
    exitCode: 0,
    revoked: [{ name: 'alice' }],
  });
  expect(notes).toEqual([
    expect.stringMatching(/^warning: .*policy\.yaml:1:7: .*: its bindings were not compared$/),
  ]);
});
