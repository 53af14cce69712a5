import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { Connection } from '@docker-mtls/registry';
import { describeNeeding } from '../../../test/support/describe-needing.ts';
import { createStore } from './create-store.ts';
import { openStore, readStore } from './open-store.ts';
import { laidDown, makeTestCa, pairFor, publish, temporaryFolder, treeOf } from '../testing/test-ca.ts';

/** No user of any machine. */
const OWNER = 4242;

const ca = makeTestCa();
let directory: string;

function giveToOwner(): void {
  for (const name of ['', ...fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })])
    fs.lchownSync(nodePath.join(directory, name), OWNER, OWNER);
}

describeNeeding(['root'], "root and another user's CA directory", () => {
  beforeEach(async () => {
    directory = await laidDown(ca);
    await publish(directory, pairFor(ca, 'client', 'alice'));
    giveToOwner();
  });

  test('it may be read', async () => {
    const before = treeOf(directory);
    const reader = await readStore(directory);
    expect((await reader.authority()).keyPem).toBe(ca.store.keyPem);
    expect((await reader.profile('client')).kind).toBe('client');
    expect((await reader.current('client', 'alice'))?.read().key?.toString()).toContain('PRIVATE KEY');
    await reader.close();
    expect(treeOf(directory)).toEqual(before);
  });

  test('it is not changed, and the error says how its owner would', async () => {
    const before = treeOf(directory);
    const refusal = expect.objectContaining({
      code: 'CA_DIRECTORY_OTHER_OWNER',
      message: `${directory} belongs to another user (#4242), and root does not change it`,
      hint: expect.stringContaining("sudo -u '#4242' docker-mtls"),
    });
    await expect(openStore(directory)).rejects.toThrow(refusal);
    await expect(createStore(directory, ca.store)).rejects.toThrow(refusal);
    expect(treeOf(directory)).toEqual(before);
  });

  test.each(['', 'folder/ca', 'deep/er/ca'])(
    'no CA is made in a folder that another user owns: %j',
    async (name) => {
      const home = temporaryFolder();
      fs.mkdirSync(nodePath.join(home, 'folder'));
      for (const path of [home, nodePath.join(home, 'folder')]) fs.chownSync(path, OWNER, OWNER);
      const before = treeOf(home);
      await expect(createStore(nodePath.join(home, name), ca.store)).rejects.toThrow(
        expect.objectContaining({
          code: 'CA_DIRECTORY_OTHER_OWNER',
          message: expect.stringContaining('(#4242)'),
        }),
      );
      expect(treeOf(home)).toEqual(before);
    },
  );

  test('no CA is made where others may write', async () => {
    const shared = temporaryFolder();
    fs.chmodSync(shared, 0o777);
    await expect(createStore(nodePath.join(shared, 'ca'), ca.store)).rejects.toThrow(
      expect.objectContaining({ code: 'FILE_UNSAFE' }),
    );
    expect(fs.readdirSync(shared)).toEqual([]);
  });

  test.each([
    'clients/alice/.current/key.pem',
    'clients/alice/key.pem',
    'profiles/client.json',
    'private/ca-key.pem',
  ])('nothing of root is read where a link in the place of %s leads', async (name) => {
    const secret = nodePath.join(temporaryFolder(), 'secret');
    fs.writeFileSync(secret, 'root alone may know', { mode: 0o600 });
    const path = nodePath.join(directory, name);
    fs.rmSync(path);
    fs.symlinkSync(secret, path);
    fs.lchownSync(path, OWNER, OWNER);
    const reader = await readStore(directory);
    const reads = [
      async () => (await reader.authority()).keyPem,
      async () => JSON.stringify(await reader.profile('client')),
      async () => Object.values((await reader.current('client', 'alice'))?.read() ?? {}).join('\n'),
    ];
    for (const read of reads) expect(await resultOf(read)).not.toContain('root alone');
    await reader.close();
  });

  test('SQLite does nothing that a journal of that user says', async () => {
    const journal = nodePath.join(directory, 'registry.db-journal');
    fs.writeFileSync(journal, await hotJournal(), { mode: 0o600 });
    fs.chownSync(journal, OWNER, OWNER);
    const before = treeOf(directory);
    await expect(readStore(directory)).rejects.toThrow(
      expect.objectContaining({ code: 'REGISTRY_READ_ONLY' }),
    );
    expect(treeOf(directory)).toEqual(before);
  });
});

async function resultOf(read: () => Promise<string>): Promise<string> {
  try {
    return await read();
  } catch (error) {
    return String(error);
  }
}

/** The journal of a process that was killed in the middle of a change. */
async function hotJournal(): Promise<Buffer> {
  const other = await laidDown(ca);
  const path = nodePath.join(other, 'registry.db');
  const script = `const { Connection } = await import(${JSON.stringify(nodePath.resolve(import.meta.dirname, '../../registry/dist/index.js'))});
    const registry = new Connection(${JSON.stringify(path)});
    registry.execute('PRAGMA cache_spill = 1; PRAGMA cache_size = 1');
    await registry.lock();
    registry.execute('CREATE TABLE t (x)');
    for (let n = 0; n < 2000; n++) registry.run('INSERT INTO t VALUES (?)', 'x'.repeat(1000));
    process.kill(process.pid, 'SIGKILL');`;
  spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  const journal = fs.readFileSync(`${path}-journal`);
  new Connection(path).close();
  return journal;
}
