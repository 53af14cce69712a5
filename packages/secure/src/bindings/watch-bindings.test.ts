import fs from 'node:fs';
import path from 'node:path';
import type { Session } from '@docker-mtls/authority';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { beforeAll, expect, test } from '@jest/globals';
import { testAuthority } from '../../../authority/testing/test-authority.ts';
import type { TestAuthority } from '../../../authority/testing/test-authority.ts';
import { watchBindings } from './watch-bindings.ts';
import type { BindingWatch } from './watch-bindings.ts';

const CLIENTS = 60;
/** More than the first look at a group or at names that begin alike finds. */
const FEW = 25;

let ca: TestAuthority;
let policy: string;

beforeAll(async () => {
  ca = await testAuthority();
  policy = path.join(ca.folder, 'policy.yaml');
  for (let n = 0; n < CLIENTS; n += 1) await ca.issue({ kind: 'client', name: `ci-${n}`, groups: ['ci'] });
  await ca.issue({ kind: 'client', name: 'alice', groups: ['ops', 'ci'] });
  await ca.issue({ kind: 'client', name: 'bob', groups: ['ops'] });
  const { authorityKeyId: issuer = '', fingerprint } = (await ca.current('client', 'alice')).certificate()
    .info;
  fs.writeFileSync(
    policy,
    `apiVersion: docker-mtls/policy.v1
bindings:
  - { role: admin, subjects: [{ cn: alice }, { fingerprint: ${fingerprint} }] }
  - { role: operator, subjects: [{ ou: ops, issuer: '${issuer}' }] }
  - { role: ci, subjects: [{ cn: 'ci-*' }, { ou: ci, issuer: '${issuer}' }] }
`,
  );
});

/** How many rows a question has read, and its answer. */
async function asked<T>(question: (watch: BindingWatch) => Promise<T>): Promise<{ answer: T; rows: number }> {
  return ca.use(async (session) => {
    let rows = 0;
    const counting =
      (read: unknown) =>
      async (...args: readonly unknown[]): Promise<readonly Entry[]> => {
        const found = await (read as (...words: readonly unknown[]) => Promise<readonly Entry[]>)(...args);
        rows += found.length;
        return found;
      };
    const { reader } = session;
    const counted: StoreReader = {
      ...reader,
      entries: counting(reader.entries),
      inGroup: counting(reader.inGroup),
      find: counting(reader.find),
    };
    const watched = { ...session, reader: counted } as Session;
    return { answer: await question(watchBindings(watched, () => [policy])), rows };
  });
}

async function serialOf(name: string): Promise<string> {
  return (await ca.current('client', name)).serial;
}

test.each([
  ['alice', 'gone', ['bindings[0] cn', 'bindings[0] fingerprint']],
  ['alice', 'replaced', ['bindings[0] fingerprint']],
  ['bob', 'gone', []],
  ['ci-7', 'gone', []],
] as const)(
  'of many clients few are read to say what is lost if %s were %s',
  async (name, change, expected) => {
    const serials = [await serialOf(name)];
    const { answer, rows } = await asked((watch) => watch.wouldLose(serials, change));
    expect(answer.map(({ rule, subject }) => `${rule} ${subject.kind}`)).toEqual(expected);
    expect(rows).toBeLessThan(FEW);
  },
);

test('a group is lost with its last member alone', async () => {
  const both = [await serialOf('alice'), await serialOf('bob')];
  const { answer, rows } = await asked((watch) => watch.wouldLose(both, 'gone'));
  expect(answer.map(({ rule }) => rule)).toContain('bindings[1]');
  expect(rows).toBeLessThan(FEW);
});

test('names that begin alike, and a large group, are lost with all of them', async () => {
  const all: string[] = [await serialOf('alice')];
  for (let n = 0; n < CLIENTS; n += 1) all.push(await serialOf(`ci-${n}`));
  const { answer } = await asked((watch) => watch.wouldLose(all, 'gone'));
  expect(answer.map(({ rule, subject }) => `${rule} ${subject.kind}`)).toEqual([
    'bindings[0] cn',
    'bindings[0] fingerprint',
    'bindings[2] cn',
    'bindings[2] ou',
  ]);
});

async function* renewing(name: string): AsyncGenerator<{ serial: string }> {
  yield { serial: await serialOf(name) };
}

test('a renewal loses what was noted and is matched by nobody any more', async () => {
  const { answer } = await asked(async (watch) => {
    for await (const { serial } of watch.noting(renewing('alice')))
      expect(serial).toBe(await serialOf('alice'));
    await ca.issue({ kind: 'client', name: 'alice', groups: ['ops', 'ci'], force: true });
    return watch.lost();
  });
  expect(answer.map(({ subject }) => subject.kind)).toEqual(['fingerprint']);
});
