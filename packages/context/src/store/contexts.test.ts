import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { encryptPrivateKey, readKeyPair } from '@docker-mtls/ca';
import { FileError } from '@docker-mtls/files';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { currentContext } from './config-file.ts';
import { contextId, dockerConfigDirectory } from './paths.ts';
import { findContext, listContexts, readContext } from './read-contexts.ts';
import {
  createContext,
  removeContext,
  repairInterrupted,
  updateContext,
  useContext,
  type NewContext,
} from './write-contexts.ts';

const CA = makeAuthority('our CA', 'ec-p256');
const ALICE = issuePair(CA.authority, 'client', { name: 'alice' });
const BOB = issuePair(CA.authority, 'client', { name: 'bob' });
const ca = Buffer.from(CA.pem);
const certificate = Buffer.from(ALICE.certificate);
const key = Buffer.from(ALICE.key);
const TLS = { ca, certificate, key };
const PROD: NewContext = { name: 'prod', host: 'tcp://10.0.0.1:2376', tls: TLS };

function folderWith(...contexts: readonly NewContext[]): string {
  const folder = temporaryFolder();
  contexts.forEach((context) => createContext(folder, context));
  return folder;
}

function meta(folder: string, name: string): string {
  return path.join(folder, 'contexts/meta', contextId(name), 'meta.json');
}

describe('the folder', () => {
  test.each([
    [{}, '/home/a/.docker'],
    [{ DOCKER_CONFIG: '' }, '/home/a/.docker'],
    [{ DOCKER_CONFIG: '/x' }, '/x'],
  ])('of %j is %s', (env, folder) => {
    expect(dockerConfigDirectory(env, '/home/a')).toBe(folder);
  });

  test('of a context is the SHA-256 of its name', () => {
    expect(contextId('prod')).toBe('6754af9632a2745e85c293e5aac0863370d9bd3330b9938c00cadfd215227d77');
  });
});

describe('createContext', () => {
  test.each([
    { what: 'a name of one letter', change: { name: 'p' }, code: 'BUNDLE_CONTEXT_INVALID' },
    { what: 'the name default', change: { name: 'default' }, code: 'BUNDLE_CONTEXT_INVALID' },
    { what: 'a name with a slash', change: { name: '../x' }, code: 'BUNDLE_CONTEXT_INVALID' },
    { what: 'a name with a line break', change: { name: 'prod\n' }, code: 'BUNDLE_CONTEXT_INVALID' },
    { what: 'a name like an option', change: { name: '-rf' }, code: 'BUNDLE_CONTEXT_INVALID' },
    { what: 'no host', change: { host: '' }, code: 'CONTEXT_HOST_INVALID' },
    { what: 'a host without a scheme', change: { host: 'node1:2376' }, code: 'CONTEXT_HOST_INVALID' },
    { what: 'a host of another scheme', change: { host: 'ftp://node1' }, code: 'CONTEXT_HOST_INVALID' },
    { what: 'a host with a space', change: { host: 'tcp://a b' }, code: 'CONTEXT_HOST_INVALID' },
    { what: 'a host of https', change: { host: 'https://node1:2376' }, code: 'CONTEXT_HOST_INVALID' },
    { what: 'a host in capitals', change: { host: 'TCP://node1:2376' }, code: 'CONTEXT_HOST_INVALID' },
    { what: 'no certificates', change: { tls: {} }, code: 'CONTEXT_TLS_INVALID' },
    { what: 'a password for SSH', change: { host: 'ssh://a:b@c' }, code: 'CONTEXT_HOST_INVALID' },
    { what: 'a query for SSH', change: { host: 'ssh://a@c?x' }, code: 'CONTEXT_HOST_INVALID' },
    { what: 'a CA of text', change: { tls: { ca: Buffer.from('x') } }, code: 'CONTEXT_TLS_INVALID' },
    { what: 'no key', change: { tls: { ca, certificate } }, code: 'CONTEXT_TLS_INVALID' },
    { what: 'no certificate', change: { tls: { ca, key } }, code: 'CONTEXT_TLS_INVALID' },
    {
      what: 'another key',
      change: { tls: { ca, certificate, key: Buffer.from(BOB.key) } },
      code: 'CONTEXT_TLS_INVALID',
    },
    {
      what: 'a key of text',
      change: { tls: { ca, certificate, key: Buffer.from('x') } },
      code: 'CONTEXT_TLS_INVALID',
    },
    {
      what: 'an encrypted key',
      change: { tls: { ca, certificate, key: Buffer.from(encryptPrivateKey(readKeyPair(ALICE.key), 'x')) } },
      code: 'CONTEXT_TLS_INVALID',
    },
  ])('refuses $what, and writes nothing', ({ change, code }) => {
    const folder = temporaryFolder();
    expect(() => createContext(folder, { ...PROD, ...change })).toThrow(expect.objectContaining({ code }));
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('refuses a name that is taken, and changes nothing', () => {
    const folder = folderWith(PROD);
    expect(() => createContext(folder, { ...PROD, host: 'ssh://h' })).toThrow(
      expect.objectContaining({ code: 'CONTEXT_EXISTS' }),
    );
    expect(readContext(folder, 'prod').host).toBe(PROD.host);
  });

  test('leaves no lock and nothing half done', () => {
    const folder = folderWith(PROD, { ...PROD, name: 'two' });
    expect(fs.readdirSync(folder)).toEqual(['contexts']);
    expect(fs.readdirSync(path.join(folder, 'contexts/tls')).toSorted()).toEqual(
      ['prod', 'two'].map(contextId).toSorted(),
    );
  });
});

describe('updateContext', () => {
  test('says whether anything changed, and writes nothing when not', () => {
    const folder = folderWith(PROD);
    const before = fs.statSync(meta(folder, 'prod')).ino;
    expect(updateContext(folder, 'prod', { host: PROD.host, tls: TLS })).toBe(false);
    expect(fs.statSync(meta(folder, 'prod')).ino).toBe(before);
    expect(updateContext(folder, 'prod', { description: 'new' })).toBe(true);
  });

  test('keeps what it knows nothing of', () => {
    const folder = folderWith(PROD);
    const json =
      '{"Name":"prod","Metadata":{"Description":"d","x":{"b":1,"a":2}},"Endpoints":{"docker":{"Host":"tcp://h:1","SkipTLSVerify":true},"kubernetes":{"y":[]}}}';
    fs.writeFileSync(meta(folder, 'prod'), json);
    updateContext(folder, 'prod', { host: 'tcp://h:2', skipTlsVerify: false });
    expect(fs.readFileSync(meta(folder, 'prod'), 'utf8')).toBe(
      json.replace('h:1', 'h:2').replace('true', 'false').replace('"b":1,"a":2', '"a":2,"b":1'),
    );
    expect(readContext(folder, 'prod').tls).toEqual(PROD.tls);
  });

  test('never takes the certificates away when the engine changes', () => {
    const folder = folderWith(PROD);
    updateContext(folder, 'prod', { host: 'ssh://h' });
    updateContext(folder, 'prod', { host: 'tcp://h:2376' });
    expect(readContext(folder, 'prod')).toMatchObject({ tls: PROD.tls, usesTls: true });
  });

  test.each(['tcp://h:2376', 'tcp://10.0.0.5:1'])('refuses %s for a context without certificates', (host) => {
    const folder = folderWith({ name: 'prod', host: 'ssh://h' });
    expect(() => updateContext(folder, 'prod', { host })).toThrow(
      expect.objectContaining({
        code: 'CONTEXT_TLS_INVALID',
        message: expect.stringContaining('plain HTTP'),
      }),
    );
    expect(readContext(folder, 'prod').host).toBe('ssh://h');
  });

  test.each<[string, (docker: string) => void]>([
    ['is a link to a folder', (docker) => fs.renameSync(docker, `${docker}.aside`)],
    ['is gone', (docker) => fs.rmSync(docker, { recursive: true })],
    ['is a file', (docker) => fs.rmSync(docker, { recursive: true })],
  ])('gives a context its TLS back whose folder %s', (what, change) => {
    const folder = folderWith(PROD);
    const docker = path.join(tlsOf(folder), 'docker');
    change(docker);
    if (what.includes('link')) fs.symlinkSync(`${docker}.aside`, docker);
    if (what.includes('file')) fs.writeFileSync(docker, '');
    expect(readContext(folder, 'prod')).toMatchObject({ tls: {}, usesTls: false });
    expect(updateContext(folder, 'prod', { tls: BOBS })).toBe(true);
    expect(readContext(folder, 'prod')).toMatchObject({ tls: BOBS, usesTls: true });
    expect(fs.lstatSync(docker).isDirectory()).toBe(true);
  });

  test('reads an empty folder as TLS without files, as the Docker CLI does', () => {
    const folder = folderWith(PROD);
    const docker = path.join(tlsOf(folder), 'docker');
    for (const file of fs.readdirSync(docker)) fs.rmSync(path.join(docker, file));
    expect(readContext(folder, 'prod')).toMatchObject({ tls: {}, usesTls: true });
  });

  test('refuses certificates that do not fit, and a context that is not there', () => {
    const folder = folderWith(PROD);
    const tls = { ca, certificate, key: Buffer.from(BOB.key) };
    expect(() => updateContext(folder, 'prod', { tls })).toThrow(
      expect.objectContaining({ code: 'CONTEXT_TLS_INVALID' }),
    );
    expect(() => updateContext(folder, 'nobody', {})).toThrow(
      expect.objectContaining({ code: 'CONTEXT_NOT_FOUND' }),
    );
  });
});

describe('removeContext', () => {
  test("asks for force when it is in use, and then Docker's default is", () => {
    const folder = folderWith(PROD);
    useContext(folder, 'prod');
    expect(() => removeContext(folder, 'prod', { force: false })).toThrow(
      expect.objectContaining({ code: 'CONTEXT_IN_USE' }),
    );
    removeContext(folder, 'prod', { force: true });
    expect(currentContext(folder)).toBeUndefined();
    expect(findContext(folder, 'prod')).toBeUndefined();
  });

  test('leaves nothing of it, above all no key', () => {
    const folder = folderWith(PROD, { ...PROD, name: 'other' });
    removeContext(folder, 'prod', { force: false });
    const left = ['meta', 'tls'].map((part) => fs.readdirSync(path.join(folder, 'contexts', part)));
    expect(left).toEqual([[contextId('other')], [contextId('other')]]);
  });

  test('refuses one that is not there', () => {
    expect(() => removeContext(temporaryFolder(), 'prod', { force: true })).toThrow(
      expect.objectContaining({ code: 'CONTEXT_NOT_FOUND' }),
    );
  });

  test('removes one whose meta.json cannot be read', () => {
    const folder = folderWith(PROD);
    fs.writeFileSync(meta(folder, 'prod'), '{');
    removeContext(folder, 'prod', { force: false });
    expect(listContexts(folder)).toEqual({ contexts: [], unreadable: [] });
  });
});

describe('useContext', () => {
  test('refuses one that is not there, and makes no file for the default', () => {
    const folder = temporaryFolder();
    expect(() => useContext(folder, 'prod')).toThrow(expect.objectContaining({ code: 'CONTEXT_NOT_FOUND' }));
    useContext(folder, 'default');
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

test('a lock that cannot be read is told, and left alone', () => {
  const folder = temporaryFolder();
  const lock = path.join(folder, '.docker-mtls.lock');
  fs.mkdirSync(lock);
  expect(() => createContext(folder, PROD)).toThrow(FileError);
  expect(fs.existsSync(lock)).toBe(true);
});

describe('listContexts', () => {
  test('tells the readable from the rest', () => {
    const folder = folderWith(PROD, { ...PROD, name: 'broken' }, { ...PROD, name: 'moved' });
    fs.writeFileSync(meta(folder, 'broken'), '{');
    fs.renameSync(path.dirname(meta(folder, 'moved')), path.join(folder, 'contexts/meta', 'x'));
    fs.mkdirSync(path.join(folder, 'contexts/meta', 'empty'));
    const { contexts, unreadable } = listContexts(folder);
    expect(contexts.map(({ name }) => name)).toEqual(['prod']);
    expect(unreadable.map(({ file }) => file).toSorted()).toEqual(
      [meta(folder, 'broken'), path.join(folder, 'contexts/meta/x/meta.json')].toSorted(),
    );
  });

  // Root's certificates in one's own folder fail in the same way; root itself can read everything.
  test('tells a context whose certificates cannot be read from the rest', () => {
    const folder = folderWith({ name: 'prod', host: 'ssh://h' }, { ...PROD, name: 'other' });
    const tls = path.join(folder, 'contexts/tls');
    fs.rmSync(path.join(tls, contextId('prod')), { recursive: true, force: true });
    fs.writeFileSync(path.join(tls, contextId('prod')), '');
    const { contexts, unreadable } = listContexts(folder);
    expect(contexts.map(({ name }) => name)).toEqual(['other']);
    expect(unreadable).toMatchObject([{ file: meta(folder, 'prod') }]);
    expect(() => readContext(folder, 'prod')).toThrow(FileError);
  });

  test('passes by what a file manager leaves beside them, as the CLI does', () => {
    const folder = folderWith(PROD);
    fs.writeFileSync(path.join(folder, 'contexts/meta/.DS_Store'), '');
    expect(listContexts(folder)).toMatchObject({ contexts: [{ name: 'prod' }], unreadable: [] });
  });

  test('of no folder is empty', () => {
    expect(listContexts(path.join(folderWith(PROD), 'missing'))).toEqual({ contexts: [], unreadable: [] });
  });
});

describe('readContext', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test.each(['ca.pem', 'cert.pem', 'key.pem'])(
    'while %s is read, somebody else writes: all of it is read again',
    (name) => {
      const folder = folderWith(PROD);
      const changed = { ca, certificate: Buffer.from(BOB.certificate), key: Buffer.from(BOB.key) };
      const open = fs.openSync;
      let isFirst = true;
      jest.spyOn(fs, 'openSync').mockImplementation((file, ...rest) => {
        const meanwhile = isFirst && String(file).endsWith(name);
        if (meanwhile) isFirst = false;
        if (meanwhile) updateContext(folder, 'prod', { description: 'changed', tls: changed });
        return open(file, ...rest);
      });
      expect(readContext(folder, 'prod')).toMatchObject({ description: 'changed', tls: changed });
    },
  );
});

function tlsOf(folder: string, name = 'prod'): string {
  return path.join(folder, 'contexts/tls', contextId(name));
}

const BOBS = { ca, certificate: Buffer.from(BOB.certificate), key: Buffer.from(BOB.key) };

/** As a process leaves it that is killed when all new files are complete, and so many of them in place. */
function interrupt(folder: string, placed: number): void {
  const files = { ca, cert: BOBS.certificate, key: BOBS.key };
  Object.entries(files).forEach(([name, data], index) => {
    const file = index < placed ? `docker/${name}.pem` : `.${name}.pem.new`;
    fs.writeFileSync(path.join(tlsOf(folder), file), data);
  });
}

describe('what a process that was killed left', () => {
  test.each([0, 1, 2])('new files of which %d are in place are all put there', (placed) => {
    const folder = folderWith(PROD);
    interrupt(folder, placed);
    repairInterrupted(folder);
    expect(readContext(folder, 'prod').tls).toEqual(BOBS);
    expect(fs.readdirSync(tlsOf(folder))).toEqual(['docker']);
  });

  test('new files that are not complete are thrown away', () => {
    const folder = folderWith(PROD);
    for (const name of ['.ca.pem.new', '.cert.pem.new', '.key.pem.partial'])
      fs.writeFileSync(path.join(tlsOf(folder), name), 'half');
    updateContext(folder, 'prod', { description: 'x' });
    expect(readContext(folder, 'prod').tls).toEqual(PROD.tls);
    expect(fs.readdirSync(tlsOf(folder))).toEqual(['docker']);
  });

  test('the key of a context that was never made is removed', () => {
    const folder = folderWith(PROD);
    fs.rmSync(meta(folder, 'prod'));
    fs.writeFileSync(path.join(tlsOf(folder), '.unfinished'), '');
    createContext(folder, { name: 'two', host: 'ssh://h' });
    expect(fs.existsSync(tlsOf(folder))).toBe(false);
  });

  test('a context of which only the mark is left stays as it is', () => {
    const folder = folderWith(PROD);
    fs.writeFileSync(path.join(tlsOf(folder), '.unfinished'), '');
    repairInterrupted(folder);
    expect(readContext(folder, 'prod').tls).toEqual(PROD.tls);
    expect(fs.readdirSync(tlsOf(folder))).toEqual(['docker']);
  });

  test('an interrupted removal is finished by the same command', () => {
    const folder = folderWith(PROD);
    fs.rmSync(path.dirname(meta(folder, 'prod')), { recursive: true });
    fs.writeFileSync(path.join(tlsOf(folder), '.unfinished'), '');
    removeContext(folder, 'prod', { force: false });
    expect(fs.readdirSync(path.join(folder, 'contexts/tls'))).toEqual([]);
  });

  test('files of a context that lost its meta.json by other means stay, until a new one takes their place', () => {
    const folder = folderWith(PROD);
    fs.rmSync(meta(folder, 'prod'));
    repairInterrupted(folder);
    expect(fs.existsSync(path.join(tlsOf(folder), 'docker/key.pem'))).toBe(true);
    createContext(folder, { ...PROD, tls: { ca } });
    expect(fs.readdirSync(path.join(tlsOf(folder), 'docker'))).toEqual(['ca.pem']);
  });
});
