import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { currentContext } from './config-file.ts';
import { listContexts, readContext } from './read-contexts.ts';
import { createContext } from './write-contexts.ts';

const CA = makeAuthority('our CA', 'ec-p256');
const PAIRS = ['alice', 'bob'].map((name) => issuePair(CA.authority, 'client', { name }));

// A program that does one thing many times, as several docker-mtls at once would.
const PROGRAM = `
import fs from 'node:fs';
import { createContext, updateContext, removeContext, readContext, listContexts, useContext } from '@docker-mtls/context';
import { readCertificate, readKeyPair, isPair } from '@docker-mtls/ca';
const [folder, pairsFile, task, id] = process.argv.slice(2);
const pairs = JSON.parse(fs.readFileSync(pairsFile, 'utf8')).map((pair) =>
  Object.fromEntries(Object.entries(pair).map(([kind, pem]) => [kind, Buffer.from(pem)])));
const host = 'tcp://h:2376';
const tasks = {
  create: (i) => createContext(folder, { name: \`c-\${id}-\${i}\`, host, tls: pairs[i % 2] }),
  update: (i) => updateContext(folder, 'shared', { description: \`\${id}-\${i}\`, tls: pairs[(i + Number(id)) % 2] }),
  use: (i) => useContext(folder, i % 2 ? 'shared' : 'default'),
  come: (i) => { const name = \`g-\${id}\`; createContext(folder, { name, host, tls: pairs[0] }); removeContext(folder, name, { force: false }); },
  read: () => {
    const { tls } = readContext(folder, 'shared');
    if (!isPair(readCertificate(tls.certificate), readKeyPair(tls.key))) throw new Error('no pair');
    if (listContexts(folder).unreadable.length > 0) throw new Error('unreadable');
  },
};
for (let i = 0; i < 20; i++) tasks[task](i);
`;

let program = '';
let pairsFile = '';

beforeAll(() => {
  const folder = temporaryFolder();
  program = path.join(folder, 'program.cjs');
  pairsFile = path.join(folder, 'pairs.json');
  fs.writeFileSync(pairsFile, JSON.stringify(PAIRS.map((pair) => ({ ca: CA.pem, ...pair }))));
  const esbuild = createRequire(import.meta.url).resolve('esbuild/bin/esbuild');
  const flags = [
    '--bundle',
    '--platform=node',
    '--conditions=source',
    '--log-level=error',
    `--outfile=${program}`,
  ];
  // This package itself is in the root's node_modules.
  const { status, stderr } = spawnSync(esbuild, flags, {
    input: PROGRAM,
    cwd: path.join(import.meta.dirname, '../../../..'),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
});

type Outcome = { readonly code: number | null; readonly stderr: string };

async function start(folder: string, task: string, id: number): Promise<Outcome> {
  const child = spawn(process.execPath, [program, folder, pairsFile, task, String(id)]);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

function folderWithShared(): string {
  const folder = temporaryFolder();
  const [pair] = PAIRS;
  if (pair === undefined) throw new Error('no pair');
  const tls = {
    ca: Buffer.from(CA.pem),
    certificate: Buffer.from(pair.certificate),
    key: Buffer.from(pair.key),
  };
  createContext(folder, { name: 'shared', host: 'tcp://h:2376', tls });
  fs.writeFileSync(path.join(folder, 'config.json'), '{"auths":{"r":{}}}');
  return folder;
}

describe('several at once', () => {
  test('10 writers and readers lose nothing, and see nothing half done', async () => {
    const folder = folderWithShared();
    const tasks = ['create', 'create', 'create', 'update', 'update', 'use', 'use', 'come', 'read', 'read'];
    const outcomes = await Promise.all(tasks.map((task, id) => start(folder, task, id)));
    expect(outcomes).toEqual(tasks.map(() => ({ code: 0, stderr: '' })));
    const { contexts, unreadable } = listContexts(folder);
    expect(unreadable).toEqual([]);
    expect(contexts).toHaveLength(1 + 3 * 20);
    expect(contexts.filter(({ tls }) => Object.keys(tls).length !== 3)).toEqual([]);
    expect(['shared', undefined]).toContain(currentContext(folder));
    expect(JSON.parse(fs.readFileSync(path.join(folder, 'config.json'), 'utf8'))).toMatchObject({
      auths: { r: {} },
    });
    expect(fs.readdirSync(folder).toSorted()).toEqual(['config.json', 'contexts']);
  });

  test('one that is killed in the middle leaves what the next can use', async () => {
    const folder = folderWithShared();
    for (let i = 0; i < 8; i++) {
      const child = spawn(process.execPath, [program, folder, pairsFile, 'update', String(i)]);
      const ended = once(child, 'close');
      setTimeout(() => child.kill('SIGKILL'), 60 + i * 18);
      await ended;
      expect(await start(folder, 'update', i)).toEqual({ code: 0, stderr: '' });
      expect(Object.keys(readContext(folder, 'shared').tls)).toEqual(['ca', 'certificate', 'key']);
    }
    expect(fs.readdirSync(path.join(folder, 'contexts/tls'))).toHaveLength(1);
  });
});
