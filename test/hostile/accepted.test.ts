import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { P256, requestDer, requestPem } from './request-maker.ts';
import { all, edit, file, folder, link } from './rows/files.ts';
import { makeWorkFolders, runIn } from './work-folder.ts';

let newWorkFolder: () => string;
let work: string;

beforeAll(async () => {
  newWorkFolder = await makeWorkFolders();
});

beforeEach(() => {
  work = newWorkFolder();
});

const inWork = (name: string): string => path.join(work, name);
const read = (name: string): string => fs.readFileSync(inWork(name), 'utf8');

async function json(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runIn(work, [...argv, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

const SECURE = 'secure node1.example.com --client bob --config daemon.json --listen 127.0.0.1:1'.split(' ');

function keyPem(): Buffer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8' }));
}

describe('odd, and accepted', () => {
  test('a daemon.json with a byte order mark, which stays', async () => {
    file('daemon.json', '\ufeff{"debug": true}\n')(work);
    await json('daemon-config', '--config', 'daemon.json');
    expect(read('daemon.json')).toMatch(/^\ufeff\{"debug": true, .*"tlsverify": true/s);
  });

  test('a daemon.json that is a link: its target is written, the link stays', async () => {
    all(folder('real'), file('real/d.json', '{}'), link('daemon.json', 'real/d.json'))(work);
    const { config } = await json('daemon-config', '--config', 'daemon.json');
    expect(config).toBe(inWork('real/d.json'));
    expect(fs.readlinkSync(inWork('daemon.json'))).toBe('real/d.json');
    expect(JSON.parse(read('real/d.json'))).toMatchObject({ tlsverify: true });
  });

  test('a key that the engine ignores, with a warning', async () => {
    file('daemon.json', '{"host": ["fd://"]}')(work);
    const { warnings } = await json('daemon-config', '--config', 'daemon.json');
    expect(warnings).toEqual([
      expect.stringContaining('"hosts"'),
      '0.0.0.0:2376 becomes reachable from every network of this machine',
    ]);
  });

  test('keys of every object in daemon.json, as they are', async () => {
    file('daemon.json', '{"__proto__": {"tlsverify": false}, "constructor": 1}')(work);
    await json('daemon-config', '--config', 'daemon.json');
    expect(read('daemon.json')).toContain('{"__proto__": {"tlsverify": false}, "constructor": 1, "hosts":');
  });

  test.each([
    ['letters of other scripts', 'björn.李'],
    ['64 characters', 'a'.repeat(64)],
    ['a mail address', 'alice@example.com'],
    ['the name of a property', 'constructor'],
  ])('a client with %s', async (_, name) => {
    await json('issue-client', name);
    expect(await json('show', name)).toMatchObject({ certificates: [{ subject: { commonName: name } }] });
    expect((await json('bundle', name))['file']).toBe(inWork(`${name}.tar.gz`));
  });

  test('a decomposed name is the composed one', async () => {
    await json('issue-client', 'bjo\u0308rn');
    expect(await json('show', 'bj\u00f6rn')).toMatchObject({ certificates: [{}] });
  });

  test('names in their long spellings come out canonical, each once', async () => {
    const sans = ['DNS:B\u00fccher.example', 'IP:2001:0DB8:0:0:0:0:0:5', '10.0.0.5', '10.0.0.5'];
    const pair = await json('issue-server', 'Node2.Example.com', ...sans.flatMap((san) => ['--san', san]));
    expect(pair['sans']).toEqual([
      { kind: 'dns', value: 'node2.example.com' },
      { kind: 'dns', value: 'xn--bcher-kva.example' },
      { kind: 'ip', value: '2001:db8::5' },
      { kind: 'ip', value: '10.0.0.5' },
      { kind: 'dns', value: 'localhost' },
      { kind: 'ip', value: '127.0.0.1' },
      { kind: 'ip', value: '::1' },
    ]);
  });

  test('a request in DER: its key is signed, its names are not taken', async () => {
    file('request.der', requestDer(P256))(work);
    const { subject, files } = await json('issue-client', 'bob', '--csr', 'request.der');
    expect(subject).toBe('CN=bob');
    expect(files).not.toHaveProperty('key');
  });

  test('text after a request: what is outside of PEM blocks is a comment', async () => {
    file('request.pem', `${requestPem(requestDer(P256))}more\n`)(work);
    expect((await json('issue-client', 'bob', '--csr', 'request.pem'))['subject']).toBe('CN=bob');
  });

  test('a second key in the file of the CA key: the first one decides', async () => {
    edit('ca/private/ca-key.pem', (bytes) => Buffer.concat([bytes, keyPem()]))(work);
    expect((await json('issue-client', 'bob'))['subject']).toBe('CN=bob');
  });

  test('a private key to show: its kind is named, and nothing else of it', async () => {
    expect(await json('show', 'ca/clients/alice/key.pem')).toEqual({
      certificates: [],
      others: ['private key, not shown: ec-p256'],
    });
  });

  test('a revocation list to show', async () => {
    expect(await json('show', 'ca/crl.pem')).toEqual({
      certificates: [],
      others: [expect.stringMatching(/^revocation list of CN=docker-mtls CA, .*: 0 certificates$/)],
    });
  });

  test("somebody else's archive where secure would write a bundle: it stays, and the report says so", async () => {
    file('bob.tar.gz', 'precious')(work);
    const { steps } = await json(...SECURE);
    expect(read('bob.tar.gz')).toBe('precious');
    expect(JSON.stringify(steps)).toContain(`${inWork('bob.tar.gz')} exists and holds something else`);
  });

  test('a passphrase of a line that Windows ended', async () => {
    all(file('p', 'correct horse\r\n'), file('q', 'correct horse'))(work);
    await json('init-ca', '--ca-dir', 'new', '--passphrase-file', 'p');
    const pair = await json('issue-client', 'bob', '--ca-dir', 'new', '--passphrase-file', 'q');
    expect(pair['subject']).toBe('CN=bob');
  });

  test('a CA directory with a space, a quote and a line break in its name', async () => {
    const directory = "a 'b'\nc";
    await json('init-ca', '--ca-dir', directory);
    expect(await json('list', '--ca-dir', directory)).toMatchObject({ certificates: [{ kind: 'ca' }] });
  });
});
