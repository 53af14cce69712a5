import fs from 'node:fs';
import nodePath from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Connection, openSqliteRegistry } from '@docker-mtls/registry';
import { createStore } from './create-store.ts';
import { openStore, readStore } from './open-store.ts';
import { laidDown, makeTestCa, modeOf, temporaryFolder, treeOf, withStore } from '../testing/test-ca.ts';

const ca = makeTestCa();
let directory: string;

beforeEach(() => {
  directory = nodePath.join(temporaryFolder(), 'ca');
});

afterEach(() => {
  jest.restoreAllMocks();
});

async function create(): Promise<void> {
  const store = await createStore(directory, ca.store);
  await store.close();
}

function foreign(name: string, content = 'mine'): void {
  fs.mkdirSync(nodePath.join(directory, nodePath.dirname(name)), { recursive: true });
  fs.writeFileSync(nodePath.join(directory, name), content, { mode: 0o600 });
}

/** With a table of a name that ours has, too, and no version, which few programs set. */
function foreignDatabase(): void {
  foreign('registry.db', '');
  const database = new Connection(nodePath.join(directory, 'registry.db'));
  database.execute('CREATE TABLE certificates (id)');
  database.close();
}

function makeLax(mode: number): void {
  fs.mkdirSync(directory);
  fs.chmodSync(directory, mode);
}

function leaveRegistry(): void {
  leave('registry.db', '');
}

function leave(name: string, content: string): void {
  const path = nodePath.join(directory, name);
  fs.mkdirSync(nodePath.dirname(path), { recursive: true, mode: 0o700 });
  fs.writeFileSync(path, content, { mode: 0o600 });
}

/** What another creation does meanwhile: the registry is filled in place. */
function finish(made: string): void {
  const registry = 'registry.db';
  fs.cpSync(made, directory, { recursive: true, filter: (path) => nodePath.basename(path) !== registry });
  const bytes = fs.readFileSync(nodePath.join(made, registry));
  fs.writeFileSync(nodePath.join(directory, registry), bytes, { mode: 0o600 });
}

test('what another creation lays down between two looks is not foreign', async () => {
  fs.mkdirSync(directory, { mode: 0o700 });
  jest.spyOn(fs, 'existsSync').mockImplementationOnce((path) => {
    leaveRegistry();
    leave('private/ca-key.pem', 'a key');
    expect(path).toContain('registry.db');
    return false;
  });
  await create();
  expect(await withStore(directory, (store) => store.entries())).toHaveLength(1);
});

test.each<[string, () => void]>([
  ['begun', leaveRegistry],
  ['not begun', () => undefined],
])('a creation that is %s and finished between two looks is not called broken', async (_state, make) => {
  const made = await laidDown(ca);
  make();
  jest.spyOn(fs, 'existsSync').mockImplementationOnce(() => {
    finish(made);
    return true;
  });
  const reader = await readStore(directory);
  expect(await reader.entries({ kind: 'ca' })).toHaveLength(1);
  await reader.close();
});

describe('a new CA directory', () => {
  test('holds the CA, its key, the profiles and nothing else', async () => {
    await create();
    expect(Object.keys(treeOf(directory)).filter((name) => name !== 'README.md')).toEqual([
      'ca.pem',
      'clients',
      'crl.pem',
      'private',
      'private/ca-key.pem',
      'profiles',
      'profiles/ca.json',
      'profiles/client.json',
      'profiles/server.json',
      'registry.db',
      'servers',
    ]);
    expect(fs.readFileSync(nodePath.join(directory, 'ca.pem'), 'utf8')).toBe(ca.store.certificate.pem);
    expect(fs.readFileSync(nodePath.join(directory, 'crl.pem'), 'utf8')).toBe(ca.store.crlPem);
  });

  test.each([0o000, 0o022, 0o077])('has the right modes under umask %o', async (umask) => {
    const before = process.umask(umask);
    try {
      await create();
    } finally {
      process.umask(before);
    }
    expect(modeOf(directory)).toBe('700');
    for (const folder of ['private', 'servers', 'clients', 'profiles']) {
      expect(modeOf(nodePath.join(directory, folder))).toBe('700');
    }
    for (const file of ['registry.db', 'private/ca-key.pem']) {
      expect(modeOf(nodePath.join(directory, file))).toBe('600');
    }
  });

  test('can be used at once, and again after it was closed', async () => {
    const store = await createStore(directory, ca.store);
    expect((await store.authority()).keyPem).toBe(ca.store.keyPem);
    expect((await store.profile('client')).keyType).toBe('ec-p256');
    await store.close();
    const [entry] = await withStore(directory, (opened) => opened.entries());
    expect(entry).toMatchObject({ kind: 'ca', name: 'Test CA', status: 'current' });
    expect(entry?.serial).toBe(ca.store.certificate.info.serial);
  });
});

describe('where a CA is laid down', () => {
  test('an existing CA is refused and nothing changes', async () => {
    await create();
    const before = treeOf(directory);
    await expect(createStore(directory, makeTestCa('Another').store)).rejects.toThrow(
      expect.objectContaining({ code: 'CA_DIRECTORY_EXISTS' }),
    );
    expect(treeOf(directory)).toEqual(before);
  });

  test.each([{ name: 'an empty folder' }, { name: "a new volume's folder", holds: 'lost+found' }])(
    '$name is taken',
    async ({ holds }) => {
      fs.mkdirSync(directory);
      if (holds !== undefined) fs.mkdirSync(nodePath.join(directory, holds));
      await create();
      expect(await withStore(directory, (store) => store.entries())).toHaveLength(1);
    },
  );

  test.each([
    {
      name: 'a folder with a foreign file',
      make: () => foreign('notes.txt'),
      code: 'CA_DIRECTORY_NOT_EMPTY',
    },
    {
      name: "a folder with somebody's CA key",
      make: () => foreign('private/ca-key.pem'),
      code: 'CA_DIRECTORY_NOT_EMPTY',
    },
    { name: 'a CA without its registry', make: () => foreign('ca.pem'), code: 'CA_DIRECTORY_NOT_EMPTY' },
    {
      name: 'an emptied registry beside a CA',
      make: () => [foreign('ca.pem'), foreign('registry.db', '')],
      code: 'CA_DIRECTORY_NOT_EMPTY',
    },
    { name: "somebody else's database", make: foreignDatabase, code: 'REGISTRY_CORRUPT' },
    {
      name: 'a file',
      make: () => fs.writeFileSync(directory, 'a file'),
      code: 'CA_DIRECTORY_NOT_A_DIRECTORY',
    },
    {
      name: 'a symbolic link',
      make: () => fs.symlinkSync(temporaryFolder(), directory),
      code: 'CA_DIRECTORY_UNSAFE',
    },
    { name: 'a folder that all may write to', make: () => makeLax(0o777), code: 'CA_DIRECTORY_UNSAFE' },
    { name: 'a folder that a group may write to', make: () => makeLax(0o770), code: 'CA_DIRECTORY_UNSAFE' },
  ])('$name is refused and nothing changes', async ({ make, code }) => {
    make();
    const parent = nodePath.dirname(directory);
    const before = treeOf(parent);
    await expect(create()).rejects.toThrow(expect.objectContaining({ code, hint: expect.any(String) }));
    expect(treeOf(parent)).toEqual(before);
  });
});

test('a folder below a file is refused', async () => {
  const file = nodePath.join(temporaryFolder(), 'file');
  fs.writeFileSync(file, 'mine');
  directory = nodePath.join(file, 'ca');
  await expect(create()).rejects.toThrow(expect.objectContaining({ code: 'FILE_NOT_REGULAR' }));
  expect(fs.readFileSync(file, 'utf8')).toBe('mine');
});

describe('a creation that was killed', () => {
  const UNFINISHED = `${'ab'.repeat(16)}.1x1-1-1.partial`;
  const stages: { name: string; leave: () => void }[] = [
    { name: 'after the folder', leave: () => fs.mkdirSync(directory, { mode: 0o700 }) },
    { name: 'after the empty registry', leave: leaveRegistry },
    {
      name: 'in the middle of the key',
      leave: () => {
        leaveRegistry();
        leave('private/ca-key.pem', '-----BEGIN PRIV');
      },
    },
    {
      name: 'before the key had its name',
      leave: () => {
        leaveRegistry();
        leave(`private/.ca-key.pem.${UNFINISHED}`, '-----BEGIN PRIV');
      },
    },
    {
      name: 'before README.md had its name',
      leave: () => {
        leaveRegistry();
        leave('private/ca-key.pem', 'a key without a certificate');
        leave(`.README.md.${UNFINISHED}`, 'half');
      },
    },
    {
      name: 'in the middle of the template',
      leave: () => {
        leaveRegistry();
        leave('private/ca-key.pem', 'a key without a certificate');
        leave('profiles/ca.json', '{"keyTy');
        fs.mkdirSync(nodePath.join(directory, 'servers'));
      },
    },
    {
      name: 'in the middle of the commit',
      leave: () => {
        leaveRegistry();
        leave('registry.db-journal', '');
      },
    },
    {
      name: 'after a schema without a CA',
      leave: async () => {
        leaveRegistry();
        const registry = openSqliteRegistry(nodePath.join(directory, 'registry.db'));
        await registry.lock();
        await registry.migrate();
        await registry.close();
      },
    },
  ];

  test.each(stages)('$name is no CA yet', async ({ leave: leaveIt }) => {
    await leaveIt();
    await expect(openStore(directory)).rejects.toThrow(
      expect.objectContaining({ code: 'CA_DIRECTORY_NOT_FOUND' }),
    );
  });

  test.each(stages)('$name is cleared by the next', async ({ leave: leaveIt }) => {
    await leaveIt();
    await create();
    await withStore(directory, async (store) => {
      expect((await store.authority()).keyPem).toBe(ca.store.keyPem);
      expect((await store.profile('ca')).kind).toBe('ca');
      expect(store.repairs).toEqual([]);
    });
  });

  test('after the commit is finished, and said to be a CA', async () => {
    await create();
    const before = treeOf(directory);
    for (const file of ['ca.pem', 'crl.pem']) fs.rmSync(nodePath.join(directory, file));
    await expect(create()).rejects.toThrow(
      expect.objectContaining({
        code: 'CA_DIRECTORY_EXISTS',
        message: expect.stringContaining('finished now'),
      }),
    );
    expect(treeOf(directory)).toEqual(before);
  });
});

describe('a creation that fails', () => {
  // It is asked for when all else has been laid down.
  const broken = {
    ...ca.store,
    get crlPem(): string {
      throw new Error('the disk is full');
    },
  };

  test('leaves nothing where nothing was', async () => {
    await expect(createStore(directory, broken)).rejects.toThrow('the disk is full');
    expect(fs.existsSync(directory)).toBe(false);
  });

  test('leaves an empty folder empty, and it can be used', async () => {
    fs.mkdirSync(directory);
    await expect(createStore(directory, broken)).rejects.toThrow('the disk is full');
    expect(fs.readdirSync(directory)).toEqual([]);
    await create();
    expect(treeOf(directory)['ca.pem']).toBe(treeOf(await laidDown(ca))['ca.pem']);
  });
});
