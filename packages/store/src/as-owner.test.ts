import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../test/support/describe-needing.ts';
import { actAs } from './act-as.ts';
import { createStore } from './create-store.ts';
import { openStore, readStore } from './open-store.ts';
import {
  makeTestCa,
  NOW,
  OPERATOR,
  pairFor,
  publish,
  temporaryFolder,
  treeOf,
  withStore,
} from './test-ca.support.ts';

const OWNER = { uid: 4242, gid: 4243 };

const ca = makeTestCa();
let folder: string;
let directory: string;

const inDirectory = (name: string): string => nodePath.join(directory, name);

function below(path: string): readonly string[] {
  return [
    path,
    ...fs.readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => `${path}/${name}`),
  ];
}

function giveToOwner(): void {
  for (const path of below(directory)) fs.lchownSync(path, OWNER.uid, OWNER.gid);
}

function notTheOwners(): readonly string[] {
  return below(directory).filter((path) => {
    const { uid, gid } = fs.lstatSync(path);
    return uid !== OWNER.uid || gid !== OWNER.gid;
  });
}

function rights(): unknown {
  return [process.geteuid?.(), process.getegid?.(), process.getgroups?.().toSorted((a, b) => a - b)];
}

/** A rollback journal that is hot, and names a file as the journal of several databases: SQLite removes such files. */
function journalNaming(registry: Buffer, path: string): Buffer {
  const MAGIC = Buffer.from('d9d505f920a163d7', 'hex');
  const pageSize = registry.readUInt16BE(16);
  const header = Buffer.alloc(512);
  MAGIC.copy(header);
  [0, 1, registry.length / pageSize, 512, pageSize].forEach((value, index) =>
    header.writeUInt32BE(value, 8 + 4 * index),
  );
  const numbers = [
    2 ** 30 / pageSize + 1,
    path.length,
    [...Buffer.from(path)].reduce((sum, byte) => sum + byte, 0),
  ];
  const [page, length, sum] = numbers.map((value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  }) as [Buffer, Buffer, Buffer];
  return Buffer.concat([header, page, Buffer.from(path), length, sum, MAGIC]);
}

describeNeeding(['root'], "root in another user's directory", () => {
  beforeEach(() => {
    folder = temporaryFolder();
    fs.chmodSync(folder, 0o711);
    directory = nodePath.join(folder, 'ca');
    fs.mkdirSync(directory, { mode: 0o700 });
    giveToOwner();
    createStore(directory, ca.store).close();
  });

  test('makes a CA that is theirs, and stays root', () => {
    const before = rights();
    expect(notTheOwners()).toEqual([]);
    expect(fs.existsSync(inDirectory('private/ca-key.pem'))).toBe(true);
    expect(() => createStore(directory, ca.store)).toThrow(expect.objectContaining({ code: 'STORE_EXISTS' }));
    expect(rights()).toEqual(before);
  });

  test('makes pairs, replaces them, repairs and brings back, and all of it is theirs', () => {
    const [first, second] = [pairFor(ca, 'server', 'node1'), pairFor(ca, 'server', 'node1')];
    publish(directory, first);
    publish(directory, { ...second, force: true });
    withStore(directory, (store) => {
      store.publishPairs(Array.from({ length: 40 }, (_, index) => pairFor(ca, 'client', `user${index}`)));
      expect(fs.statSync(inDirectory('registry.db-journal')).uid).toBe(OWNER.uid);
    });
    for (const lost of ['ca.pem', 'crl.pem']) fs.rmSync(inDirectory(lost));
    withStore(directory, (store) => {
      expect(store.repairs).toHaveLength(2);
      const { serial } = first.certificate.info;
      store.reinstatePair({ kind: 'server', name: 'node1', serial, operator: OPERATOR, now: NOW });
    });
    expect(notTheOwners()).toEqual([]);
  });

  test('leaves what its owner goes on with', () => {
    publish(directory, pairFor(ca, 'client', 'alice'));
    actAs(OWNER, () => {
      publish(directory, { ...pairFor(ca, 'client', 'alice'), force: true });
      publish(directory, pairFor(ca, 'client', 'bob'));
    });
    const reader = readStore(directory);
    expect(reader.entries({ kind: 'client' })).toHaveLength(2);
    expect(reader.authority().keyPem).toBe(ca.store.keyPem);
    reader.close();
  });

  test.each([
    { name: 'writes', attack: 'clients', work: () => publish(directory, pairFor(ca, 'client', 'alice')) },
    { name: 'reads', attack: 'profiles', work: () => readStore(directory).profile('client') },
  ])('$name nothing where a link in the place of $attack leads', ({ attack, work }) => {
    const secret = nodePath.join(folder, attack);
    fs.renameSync(inDirectory(attack), secret);
    for (const path of below(secret)) fs.chownSync(path, 0, 0);
    fs.chmodSync(secret, 0o700);
    fs.symlinkSync(secret, inDirectory(attack));
    giveToOwner();
    const before = treeOf(secret);
    expect(work).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(?:STORE_UNSAFE|FILE_NOT_PERMITTED)$/u) }),
    );
    expect(treeOf(secret)).toEqual(before);
  });

  test.each([
    ['reads', () => readStore(directory).close()],
    ['opens', () => openStore(directory).close()],
  ])('removes nothing that a journal of SQLite’s names when it %s', (_, work) => {
    const victim = nodePath.join(folder, 'roots');
    fs.mkdirSync(victim, { mode: 0o700 });
    fs.writeFileSync(nodePath.join(victim, 'file'), 'x');
    const journal = journalNaming(fs.readFileSync(inDirectory('registry.db')), nodePath.join(victim, 'file'));
    fs.writeFileSync(inDirectory('registry.db-journal'), journal);
    giveToOwner();
    work();
    expect(fs.readdirSync(victim)).toEqual(['file']);
  });

  test.each(['registry.db', 'private', 'clients', 'clients/alice'])(
    'and they themselves are told before anything is issued that %s is not theirs',
    (name) => {
      publish(directory, pairFor(ca, 'client', 'alice'));
      fs.chownSync(inDirectory(name), 0, 0);
      const before = treeOf(directory);
      const replace = (): unknown => publish(directory, { ...pairFor(ca, 'client', 'alice'), force: true });
      const refusal = expect.objectContaining({
        code: 'STORE_UNSAFE',
        message: `${inDirectory(name)} belongs to another user (uid 0) than ${directory}`,
        hint: `as root: chown -R 4242:4243 ${directory}`,
      });
      expect(replace).toThrow(refusal);
      expect(() => actAs(OWNER, replace)).toThrow(refusal);
      expect(treeOf(directory)).toEqual(before);
    },
  );

  test.each(['clients', 'clients/alice'])(
    'is told before anything is issued that %s cannot be written',
    (name) => {
      publish(directory, pairFor(ca, 'client', 'alice'));
      fs.chmodSync(inDirectory(name), 0o500);
      const before = treeOf(directory);
      const replace = (): unknown => publish(directory, { ...pairFor(ca, 'client', 'alice'), force: true });
      const refusal = expect.objectContaining({
        code: 'FILE_NOT_PERMITTED',
        message: expect.stringContaining(inDirectory(name)),
      });
      expect(replace).toThrow(refusal);
      expect(() => actAs(OWNER, replace)).toThrow(refusal);
      expect(treeOf(directory)).toEqual(before);
    },
  );

  test('is told where they could not reach it', () => {
    fs.chmodSync(folder, 0o700);
    expect(() => readStore(directory)).toThrow(
      expect.objectContaining({
        code: 'STORE_UNSAFE',
        message: expect.stringMatching(/uid 4242.*may not enter/u),
        hint: expect.stringContaining('chown -R 0:0'),
      }),
    );
  });

  test('takes the group that the system knows them by, not one that the directory has from elsewhere', () => {
    const known = nodePath.join(folder, 'nobody');
    fs.mkdirSync(known, { mode: 0o700 });
    fs.chownSync(known, 65_534, OWNER.gid);
    createStore(known, ca.store).close();
    const nogroup = Number(/^nobody:[^:]*:65534:(\d+):/mu.exec(fs.readFileSync('/etc/passwd', 'utf8'))?.[1]);
    expect(fs.statSync(nodePath.join(known, 'ca.pem'))).toMatchObject({ uid: 65_534, gid: nogroup });
  });

  test('has their groups meanwhile, and its own again', () => {
    const own = process.getgroups?.() ?? [];
    process.setgroups?.([7, 8]);
    try {
      const before = rights();
      expect(actAs(OWNER, () => process.getgroups?.())).toEqual([OWNER.gid]);
      expect(rights()).toEqual(before);
    } finally {
      process.setgroups?.(own);
    }
  });
});
