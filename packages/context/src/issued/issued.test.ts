import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createCertificationRequest, generateKeyPair } from '@docker-mtls/ca';
import { NOW, testAuthority } from '../../../authority/testing/test-authority.ts';
import type { TestAuthority } from '../../../authority/testing/test-authority.ts';
import {
  clientTls,
  createContext,
  issuedEntry,
  newerEntry,
  readContext,
  refreshContexts,
  updateIssued,
  updateNamed,
  usedHere,
} from '../index.ts';
import type { ContextSupply, ContextUpdate, UpdatedContext } from '../index.ts';

// What the CA and the contexts of its clients have to do with each other, without a command line.

const HOST = 'tcp://node1:2376';
const NO_CHANGE: ContextUpdate = { host: undefined, description: undefined, client: undefined };

let ca: TestAuthority;
let docker: string;

beforeEach(async () => {
  ca = await testAuthority();
  docker = path.join(ca.folder, '.docker');
  for (const name of ['alice', 'bob']) {
    await ca.issue({ kind: 'client', name });
    const tls = await ca.use((session) => clientTls(session, name));
    createContext(docker, { name: `of-${name}`, host: HOST, tls });
  }
});

function update(name: string, change: Partial<ContextUpdate>, force = false): Promise<UpdatedContext> {
  const supply: ContextSupply = { access: () => ca.access, now: () => NOW, force };
  return updateNamed(docker, name, { ...NO_CHANGE, ...change }, supply);
}

async function reissue(name: string): Promise<string> {
  const { certificate } = await ca.issue({ kind: 'client', name, force: true });
  return certificate.info.fingerprint;
}

function updateAll(): Promise<readonly UpdatedContext[]> {
  return ca.use((session) => updateIssued(docker, session));
}

function refresh(...names: readonly string[]): Promise<unknown> {
  return ca.use((session) => refreshContexts(session, new Set(names), docker));
}

/** The certificate in force of a context's client, and the same where the context has another one. */
function entries(name: string): Promise<readonly (string | undefined)[]> {
  return ca.use(async ({ reader }) => {
    const context = readContext(docker, name);
    const both = [await issuedEntry(reader, context), await newerEntry(reader, context)];
    return both.map((entry) => entry?.fingerprint);
  });
}

describe('a context whose client was issued another certificate', () => {
  let newest: string;
  beforeEach(async () => {
    newest = await reissue('alice');
  });

  test('is known to be out of date, and no other is', async () => {
    expect(await entries('of-alice')).toEqual([newest, newest]);
    expect(await entries('of-bob')).toEqual([expect.any(String), undefined]);
  });

  test('is updated with all others', async () => {
    expect(await updateAll()).toEqual([
      { context: 'of-alice', client: 'alice', changed: true },
      { context: 'of-bob', client: 'bob', changed: false },
    ]);
    expect((await updateAll()).filter(({ changed }) => changed)).toEqual([]);
  });

  test('is refreshed where its client was renewed', async () => {
    expect(await refresh('bob')).toEqual([]);
    expect(await refresh('alice')).toEqual([
      { kind: 'context', place: 'of-alice', client: 'alice', refreshed: true },
    ]);
    expect(await entries('of-alice')).toEqual([newest, undefined]);
  });
});

describe('one context', () => {
  test('is given another engine without its CA, and keeps its files', async () => {
    fs.rmSync(ca.directory, { recursive: true });
    const { tls } = readContext(docker, 'of-alice');
    expect(await update('of-alice', { host: 'tcp://node2:2376' })).toEqual({
      context: 'of-alice',
      client: 'alice',
      changed: true,
    });
    expect(readContext(docker, 'of-alice')).toMatchObject({ host: 'tcp://node2:2376', tls });
  });

  test('is given another client, by its name or by the folder of its files', async () => {
    expect(await update('of-alice', { client: { name: 'bob' } })).toMatchObject({ client: 'bob' });
    const folder = path.join(ca.directory, 'clients/alice');
    expect(await update('of-alice', { client: { folder } })).toMatchObject({ client: 'alice' });
    const missing = update('of-alice', { client: { folder: ca.folder } });
    await expect(missing).rejects.toMatchObject({ code: 'PAIR_MISSING' });
  });

  test('is given no client of another CA, unless that is forced', async () => {
    const other = await testAuthority();
    await other.issue({ kind: 'client', name: 'alice' });
    const folder = path.join(other.directory, 'clients/alice');
    const refused = update('of-alice', { client: { folder } });
    await expect(refused).rejects.toMatchObject({ code: 'CONTEXT_EXISTS' });
    expect(await update('of-alice', { client: { folder } }, true)).toMatchObject({ changed: true });
  });
});

test('a client whose key is elsewhere has nothing for a context', async () => {
  const { der } = createCertificationRequest(generateKeyPair('ec-p256'), { commonName: 'carol' });
  await ca.issue({ kind: 'client', name: 'carol', csr: der });
  const refused = ca.use((session) => clientTls(session, 'carol'));
  await expect(refused).rejects.toMatchObject({ code: 'CONTEXT_KEY_ELSEWHERE' });
});

test('a client is used here where a context or the folder of the Docker CLI has its certificate', async () => {
  await ca.issue({ kind: 'client', name: 'carol' });
  const used = async (folder: string | undefined): Promise<readonly boolean[]> => {
    const isUsed = await ca.use(({ reader }) => usedHere(reader, folder));
    return ['alice', 'carol'].map((name) => isUsed({ kind: 'client', name }));
  };
  expect(await used(docker)).toEqual([true, false]);
  expect(await used(path.join(ca.directory, 'clients/carol'))).toEqual([false, true]);
  expect(await used(undefined)).toEqual([false, false]);
  expect((await ca.use(({ reader }) => usedHere(reader, undefined)))({ kind: 'server', name: 'x' })).toBe(
    true,
  );
});
