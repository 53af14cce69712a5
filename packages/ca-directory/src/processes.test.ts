import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import nodePath from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createStore } from './create-store.ts';
import { HERE } from './here.ts';
import { readStore } from './open-store.ts';
import type { PairRequest } from './plan-pairs.ts';
import { laidDown, makeTestCa, pairFor, temporaryFolder, withStore } from '../testing/test-ca.ts';

const PACKAGE = nodePath.join(HERE, '..');
const REGISTRY = nodePath.join(PACKAGE, '..', 'registry');

// What a command does, as it is published: one ES module made by esbuild, with libsql beside it.
const COMMAND = `
import fs from 'node:fs';
import { readCertificate } from '@docker-mtls/ca';
import { openStore } from '@docker-mtls/ca-directory';
const [directory, file] = process.argv.slice(2);
const request = JSON.parse(fs.readFileSync(file, 'utf8'));
const certificate = readCertificate(request.certificate);
const store = await openStore(directory);
await store.publishPair({ ...request, certificate, now: new Date(request.now) });
await store.close();
`;
const BUNDLE = [
  '--bundle',
  '--platform=node',
  '--conditions=source',
  '--external:libsql',
  '--format=esm',
  "--banner:js=import{createRequire as r}from'node:module';const require=r(import.meta.url);",
];
const ca = makeTestCa();
let command: string;

beforeAll(() => {
  const folder = temporaryFolder();
  command = nodePath.join(folder, 'command.mjs');
  fs.mkdirSync(nodePath.join(folder, 'node_modules'));
  fs.symlinkSync(
    nodePath.join(REGISTRY, 'node_modules', 'libsql'),
    nodePath.join(folder, 'node_modules', 'libsql'),
  );
  bundle(command);
});

function bundle(outfile: string): void {
  // A program of its own: esbuild does not work inside of jest's realm.
  const esbuild = createRequire(import.meta.filename).resolve('esbuild/bin/esbuild');
  const { status, stderr } = spawnSync(esbuild, [...BUNDLE, `--outfile=${outfile}`], {
    input: COMMAND,
    cwd: PACKAGE,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

type Outcome = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

async function run(directory: string, request: PairRequest): Promise<Outcome> {
  const file = nodePath.join(temporaryFolder(), 'request.json');
  fs.writeFileSync(file, JSON.stringify({ ...request, certificate: request.certificate.pem }));
  const child = spawn(process.execPath, [command, directory, file]);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => (output.stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output.stderr += text.toString()));
  await once(child, 'close');
  return { status: child.exitCode, ...output };
}

describe('as it is published', () => {
  test('it works from one bundled file', async () => {
    const directory = await laidDown(ca);
    const outcome = await run(directory, pairFor(ca, 'client', 'alice'));
    expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await withStore(directory, (store) => store.repairs)).toEqual([]);
  });
});

describe('20 processes at once', () => {
  test('all issue, and each certificate is on record once', async () => {
    const directory = await laidDown(ca);
    const names = Array.from({ length: 20 }, (_, index) => `client-${index}`);
    const outcomes = await Promise.all(names.map((name) => run(directory, pairFor(ca, 'client', name))));
    expect(outcomes.filter(({ status }) => status !== 0)).toEqual([]);
    const reader = await readStore(directory);
    const clients = await reader.entries({ kind: 'client', all: true });
    await reader.close();
    expect(clients.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(clients.filter(({ directory: folder }) => folder === undefined)).toEqual([]);
  });

  test('give one name to one of them alone', async () => {
    const directory = await laidDown(ca);
    const requests = Array.from({ length: 20 }, () => pairFor(ca, 'client', 'alice'));
    const outcomes = await Promise.all(requests.map((request) => run(directory, request)));
    const refused = outcomes.filter(({ status }) => status !== 0);
    expect(refused).toHaveLength(19);
    expect(refused.filter(({ stderr }) => !stderr.includes('CA_DIRECTORY_NAME_TAKEN'))).toEqual([]);
  });
});

// What a creation that fails does at last, as another process: it takes the registry away while others wait for it.
const FAILING = `
const fs = require('node:fs');
const [libsql, registry, begun, go] = process.argv.slice(1);
const database = new (require(libsql))(registry);
database.exec('BEGIN IMMEDIATE');
fs.writeFileSync(begun, '');
setInterval(() => {
  if (!fs.existsSync(go)) return;
  for (const file of [registry + '-journal', registry]) fs.rmSync(file, { force: true });
  process.exit();
}, 20);
`;

test('a creation that waited for one which failed makes a registry of its own', async () => {
  const folder = temporaryFolder();
  const directory = nodePath.join(folder, 'ca');
  const registry = nodePath.join(directory, 'registry.db');
  const [begun, go] = [nodePath.join(folder, 'begun'), nodePath.join(folder, 'go')];
  fs.mkdirSync(directory, { mode: 0o700 });
  fs.writeFileSync(registry, '', { mode: 0o600 });
  const libsql = createRequire(nodePath.join(REGISTRY, 'package.json')).resolve('libsql');
  const failing = spawn(process.execPath, ['-e', FAILING, libsql, registry, begun, go]);
  while (!fs.existsSync(begun)) await setTimeout(20);
  const store = await createStore(directory, { ...ca.store, onWait: () => fs.writeFileSync(go, '') });
  await store.close();
  if (failing.exitCode === null) await once(failing, 'exit');
  expect(await withStore(directory, (opened) => opened.entries())).toHaveLength(1);
});
