import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Connection } from '@docker-mtls/registry';
import { asOrdinaryUser } from '../../../test/support/as-ordinary-user.ts';
import { openStore, readStore } from './open-store.ts';
import { laidDown, makeTestCa, pairFor, publish, temporaryFolder, treeOf } from '../testing/test-ca.ts';

const ca = makeTestCa();
let directory: string;

beforeEach(async () => {
  directory = await laidDown(ca);
});

const inDirectory = (name: string): string => nodePath.join(directory, name);

function changeRegistry(sql: string): void {
  const registry = new Connection(inDirectory('registry.db'));
  registry.execute(sql);
  registry.close();
}

const problems: { name: string; spoil: () => void; code: string }[] = [
  {
    name: 'no directory',
    spoil: () => {
      directory = nodePath.join(temporaryFolder(), 'nowhere');
    },
    code: 'CA_DIRECTORY_NOT_FOUND',
  },
  {
    name: 'an empty directory',
    spoil: () => {
      directory = temporaryFolder();
    },
    code: 'CA_DIRECTORY_NOT_FOUND',
  },
  { name: 'a lost registry', spoil: () => fs.rmSync(inDirectory('registry.db')), code: 'REGISTRY_CORRUPT' },
  {
    name: 'an emptied registry',
    spoil: () => fs.truncateSync(inDirectory('registry.db')),
    code: 'REGISTRY_CORRUPT',
  },
  {
    name: 'a registry that is no database',
    spoil: () => fs.writeFileSync(inDirectory('registry.db'), 'x'.repeat(8192)),
    code: 'REGISTRY_CORRUPT',
  },
  {
    name: 'a registry with damaged pages',
    spoil: () => damage(inDirectory('registry.db')),
    code: 'REGISTRY_CORRUPT',
  },
  {
    name: 'a registry of a newer version',
    spoil: () => changeRegistry('PRAGMA user_version = 99'),
    code: 'REGISTRY_NEWER',
  },
  {
    name: "somebody else's database",
    spoil: () => changeRegistry('PRAGMA application_id = 1'),
    code: 'REGISTRY_CORRUPT',
  },
  {
    name: 'a registry that others may change',
    spoil: () => fs.chmodSync(inDirectory('registry.db'), 0o666),
    code: 'CA_DIRECTORY_UNSAFE',
  },
  {
    name: 'a registry that is a link',
    spoil: () => {
      const elsewhere = nodePath.join(temporaryFolder(), 'registry.db');
      fs.renameSync(inDirectory('registry.db'), elsewhere);
      fs.symlinkSync(elsewhere, inDirectory('registry.db'));
    },
    code: 'CA_DIRECTORY_UNSAFE',
  },
  {
    name: 'a directory that others may change',
    spoil: () => fs.chmodSync(directory, 0o777),
    code: 'CA_DIRECTORY_UNSAFE',
  },
  {
    name: 'a link to the directory',
    spoil: () => {
      const link = nodePath.join(temporaryFolder(), 'link');
      fs.symlinkSync(directory, link);
      directory = link;
    },
    code: 'CA_DIRECTORY_UNSAFE',
  },
];

function damage(path: string): void {
  const bytes = fs.readFileSync(path);
  bytes.fill(0xff, 100, 4096);
  fs.writeFileSync(path, bytes);
}

describe.each([
  ['openStore', openStore],
  ['readStore', readStore],
] as const)('%s', (_, open) => {
  test.each(problems)('refuses $name with $code', async ({ spoil, code }) => {
    spoil();
    await expect(open(directory).then((store) => store.entries())).rejects.toThrow(
      expect.objectContaining({ code, hint: expect.any(String) }),
    );
  });

  test('refuses the directory of another user, root apart', async () => {
    await expect(asOrdinaryUser(() => open('/usr'))).rejects.toMatchObject({
      code: 'CA_DIRECTORY_UNSAFE',
      message: '/usr belongs to another user (uid 0)',
      hint: expect.any(String),
    });
  });

  test.each([
    { path: 'private', mode: 0o750, hint: 'chmod 700' },
    { path: 'private/ca-key.pem', mode: 0o640, hint: 'chmod 600' },
    { path: 'private/ca-key.pem', mode: 0o604, hint: 'chmod 600' },
  ])('does not use a CA key when $path has mode $mode', async ({ path, mode, hint }) => {
    fs.chmodSync(inDirectory(path), mode);
    await expect(open(directory).then((store) => store.authority())).rejects.toThrow(
      expect.objectContaining({ code: 'CA_DIRECTORY_UNSAFE', hint: expect.stringContaining(hint) }),
    );
  });

  test('says how in words that a shell takes', async () => {
    const odd = nodePath.join(temporaryFolder(), 'our CA');
    fs.cpSync(directory, odd, { recursive: true });
    fs.chmodSync(nodePath.join(odd, 'registry.db'), 0o666);
    await expect(open(odd)).rejects.toMatchObject({
      hint: `chmod 600 '${odd}/registry.db'`,
    });
  });

  test('says that the CA key is missing when it is needed', async () => {
    fs.rmSync(inDirectory('private/ca-key.pem'));
    const store = await open(directory);
    await expect(store.authority()).rejects.toThrow(
      expect.objectContaining({ code: 'CA_DIRECTORY_KEY_MISSING' }),
    );
    expect(await store.entries()).toHaveLength(1);
    await store.close();
  });

  test.each([
    { name: 'absent', spoil: (path: string) => fs.rmSync(path) },
    { name: 'no JSON', spoil: (path: string) => fs.writeFileSync(path, '{') },
    { name: 'no profile', spoil: (path: string) => fs.writeFileSync(path, '[]') },
  ])('names a profile that is $name', async ({ spoil }) => {
    const path = inDirectory('profiles/server.json');
    spoil(path);
    const store = await open(directory);
    await expect(store.profile('server')).rejects.toThrow(
      expect.objectContaining({
        code: 'CA_DIRECTORY_PROFILE_INVALID',
        message: expect.stringContaining(path),
        hint: expect.any(String),
      }),
    );
    expect((await store.profile('client')).kind).toBe('client');
    await store.close();
  });
});

test('openStore refuses a CA whose key others can read, even where the key is not needed', async () => {
  fs.chmodSync(inDirectory('private/ca-key.pem'), 0o644);
  await expect(openStore(directory)).rejects.toThrow(
    expect.objectContaining({ code: 'CA_DIRECTORY_UNSAFE' }),
  );
});

describe('a reader', () => {
  test('sees a CA that somebody else is changing, and what they changed', async () => {
    const writer = await openStore(directory);
    const reader = await readStore(directory);
    expect(await reader.entries()).toHaveLength(1);
    await writer.publishPair(pairFor(ca, 'client', 'alice'));
    await writer.close();
    expect(await reader.entries()).toHaveLength(2);
    await reader.close();
  });

  test('changes nothing, not even what a crash left', async () => {
    await publish(directory, pairFor(ca, 'client', 'alice'));
    fs.mkdirSync(inDirectory(`clients/alice/.gen-${'ab'.repeat(16)}`));
    fs.rmSync(inDirectory('clients/alice/cert.pem'));
    const before = treeOf(directory);
    const reader = await readStore(directory);
    expect((await reader.current('client', 'alice'))?.certificate().info.serial).toMatch(/^[0-9a-f]+$/u);
    await reader.close();
    expect(treeOf(directory)).toEqual(before);
  });
});
