import { describe, expect, test } from '@jest/globals';
import { encryptPrivateKey, readCertificate, readKeyPair, type KeyType } from '@docker-mtls/ca';
import { days, issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { privateFolder, publicText, type ArchiveEntry } from '../archive/entry.ts';
import { writeGzip } from '../archive/write-gzip.ts';
import { writeTar } from '../archive/write-tar.ts';
import { packDockerContext, type DockerContext } from '../context/context-archive.ts';
import { parseEngineHost } from '../layout/engine-host.ts';
import { packBundle, type BundleFiles } from '../layout/pack-bundle.ts';
import { folderFiles, packContexts, packFolder, type FolderBundle } from '../layout/pack-folder.ts';
import { openBundle } from './open-bundle.ts';

const NOW = new Date();
const OURS = makeAuthority('our CA', 'ec-p256');
const FOREIGN = makeAuthority('foreign CA', 'ec-p256');
const ALICE = issuePair(OURS.authority, 'client', { name: 'alice' });
const FILES: BundleFiles & { readonly key: string } = { ca: OURS.pem, ...ALICE };
const HOSTS = [parseEngineHost('node1.example.com'), parseEngineHost('[::1]:2377')] as const;
const FOLDER: FolderBundle = { client: 'alice', files: FILES, hosts: HOSTS };
const [CONTEXT = { name: '', data: Buffer.alloc(0) }] = packContexts({ ...FOLDER, hosts: [HOSTS[0]] });
const { key: _, ...WITHOUT_KEY } = FILES;

const GOOD = [
  { layout: 'flat', bytes: packBundle(FILES, { layout: 'flat' }), hosts: [] },
  { layout: 'pwd', bytes: packBundle(FILES, { layout: 'pwd' }), hosts: [] },
  { layout: 'folder', bytes: packFolder(FOLDER, { format: 'tar.gz' }), hosts: HOSTS },
  { layout: 'folder', bytes: packFolder(FOLDER, { format: 'zip' }), hosts: HOSTS },
  { layout: 'context', bytes: CONTEXT.data, hosts: [HOSTS[0]] },
  { layout: 'flat', bytes: flat(FILES, privateFolder('x'), 'x/'), hosts: [] },
] as const;

type Texts = Readonly<Record<string, string | Buffer>>;

function tar(texts: Texts): Buffer {
  return writeGzip(writeTar(Object.entries(texts).map(([path, text]) => entry(path, text))));
}

function entry(path: string, text: string | Buffer): ArchiveEntry {
  return { path, mode: 0o644, data: Buffer.from(text) };
}

/** Layout docker in a folder, as somebody who unpacked and packed it again would make it. */
function flat(files: BundleFiles, first: ArchiveEntry, prefix: string): Buffer {
  const named = { 'ca.pem': files.ca, 'cert.pem': files.certificate, 'key.pem': files.key ?? '' };
  return writeTar([first, ...Object.entries(named).map(([name, text]) => entry(`${prefix}${name}`, text))]);
}

describe('openBundle', () => {
  test.each(GOOD)('opens layout $layout', ({ layout, bytes, hosts }) => {
    const opened = openBundle(bytes, { now: NOW });
    expect(opened).toMatchObject({ layout, client: 'alice', hosts });
    expect(opened.files).toEqual(FILES);
  });

  test.each(['ec-p256', 'ec-p384', 'ed25519', 'rsa-2048'] as const)(
    'opens a bundle with a key of type %s',
    (keyType: KeyType) => {
      const files = { ca: OURS.pem, ...issuePair(OURS.authority, 'client', { name: 'bob', keyType }) };
      expect(openBundle(packBundle(files, { layout: 'flat' }), { now: NOW }).files).toEqual(files);
    },
  );

  test.each([
    { layout: 'flat', bytes: packBundle(WITHOUT_KEY, { layout: 'flat' }), hosts: [] },
    { layout: 'pwd', bytes: packBundle(WITHOUT_KEY, { layout: 'pwd' }), hosts: [] },
    {
      layout: 'folder',
      bytes: packFolder({ ...FOLDER, files: WITHOUT_KEY }, { format: 'zip' }),
      hosts: HOSTS,
    },
  ])('opens layout $layout without a key, for whom made a request', ({ bytes, hosts }) => {
    const opened = openBundle(bytes, { now: NOW });
    expect(opened.files).toEqual(WITHOUT_KEY);
    expect(opened.hosts).toEqual(hosts);
  });

  test('a bundle with the old and the new CA is opened', () => {
    const files = { ...FILES, ca: FOREIGN.pem + OURS.pem };
    expect(openBundle(packBundle(files, { layout: 'flat' }), { now: NOW }).roots).toHaveLength(2);
  });

  test('the expected CA is accepted', () => {
    const roots = [readCertificate(FOREIGN.pem), readCertificate(OURS.pem)];
    expect(openBundle(packBundle(FILES, { layout: 'flat' }), { now: NOW, roots }).client).toBe('alice');
  });

  test('what stands around the PEM blocks is not handed on', () => {
    const bytes = tar({
      'ca.pem': `hello\n${FILES.ca}`,
      'cert.pem': `${FILES.certificate}\nhello`,
      'key.pem': FILES.key,
    });
    expect(openBundle(bytes, { now: NOW }).files).toEqual(FILES);
  });
});

const SERVER = issuePair(OURS.authority, 'server', { name: 'node1', sans: ['node1'] });
const EXPIRED = issuePair(OURS.authority, 'client', { name: 'alice', validity: days(-4 / 1440, -1 / 1440) });
const EARLY = issuePair(OURS.authority, 'client', { name: 'alice', validity: days(10, 20) });
const STRANGER = issuePair(FOREIGN.authority, 'client', { name: 'alice' });
const PARTS: Texts = { 'ca.pem': FILES.ca, 'cert.pem': FILES.certificate, 'key.pem': FILES.key };
const FOLDER_PARTS: Texts = Object.fromEntries(folderFiles(FOLDER).map(({ path, data }) => [path, data]));

function context(change: Partial<DockerContext>): Buffer {
  const { ca, certificate, key } = FILES;
  return packDockerContext({
    name: 'node1',
    description: '',
    host: HOSTS[0].url,
    skipTlsVerify: false,
    otherMetadata: {},
    otherEndpoints: {},
    tls: { ca: Buffer.from(ca), certificate: Buffer.from(certificate), key: Buffer.from(key) },
    ...change,
  });
}

function tls(files: BundleFiles): DockerContext['tls'] {
  const { ca, certificate, key = '' } = files;
  return { ca: Buffer.from(ca), certificate: Buffer.from(certificate), key: Buffer.from(key) };
}

function without(texts: Texts, name: string): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key !== name));
}

type Refused = {
  readonly name: string;
  readonly bytes: Buffer;
  readonly code: string;
  /** Where the code alone has many reasons. */
  readonly says?: RegExp;
};

const REFUSED: readonly Refused[] = [
  { name: 'no files at all', bytes: writeTar([]), code: 'BUNDLE_LAYOUT_UNKNOWN' },
  { name: 'other files', bytes: tar({ 'hello.txt': 'hello' }), code: 'BUNDLE_LAYOUT_UNKNOWN' },
  { name: 'no ca.pem', bytes: tar(without(PARTS, 'ca.pem')), code: 'BUNDLE_LAYOUT_UNKNOWN' },
  { name: 'no cert.pem', bytes: tar(without(PARTS, 'cert.pem')), code: 'BUNDLE_LAYOUT_UNKNOWN' },
  { name: 'a stranger', bytes: tar({ ...PARTS, 'config.json': '{}' }), code: 'BUNDLE_LAYOUT_UNKNOWN' },
  {
    name: "a CA key, as the book's images have",
    bytes: tar({ ...PARTS, 'ca-key.pem': 'x' }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
  },
  {
    name: 'a script in a flat layout',
    bytes: tar({ ...PARTS, 'env.sh': 'id' }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
  },
  {
    name: 'a hidden file in a folder',
    bytes: tar({ ...FOLDER_PARTS, '.bashrc': 'id' }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
  },
  {
    name: 'a file in a folder of the folder',
    bytes: tar({ ...FOLDER_PARTS, 'x/y.dockercontext': '' }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
  },
  {
    name: 'both layouts',
    bytes: tar({ ...PARTS, 'client-cert.pem': FILES.certificate }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
  },
  {
    name: 'two folders',
    bytes: tar({ 'a/ca.pem': FILES.ca, 'b/cert.pem': FILES.certificate }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
  },
  { name: 'a context and more', bytes: tar({ ...PARTS, 'meta.json': '{}' }), code: 'BUNDLE_CONTEXT_INVALID' },

  { name: 'an empty CA file', bytes: tar({ ...PARTS, 'ca.pem': '' }), code: 'BUNDLE_CERTIFICATE_INVALID' },
  {
    name: 'a CA file of text',
    bytes: tar({ ...PARTS, 'ca.pem': 'hello' }),
    code: 'BUNDLE_CERTIFICATE_INVALID',
  },
  {
    name: 'a cut CA file',
    bytes: tar({ ...PARTS, 'ca.pem': FILES.ca.slice(0, 200) }),
    code: 'BUNDLE_CERTIFICATE_INVALID',
  },
  {
    name: 'a client as CA',
    bytes: tar({ ...PARTS, 'ca.pem': FILES.certificate }),
    code: 'BUNDLE_CERTIFICATE_INVALID',
  },
  {
    name: 'a client beside the CA',
    bytes: tar({ ...PARTS, 'ca.pem': FILES.ca + FILES.certificate }),
    code: 'BUNDLE_CERTIFICATE_INVALID',
  },
  {
    name: 'an empty certificate',
    bytes: tar({ ...PARTS, 'cert.pem': '' }),
    code: 'BUNDLE_CERTIFICATE_INVALID',
  },
  {
    name: 'two certificates',
    bytes: tar({ ...PARTS, 'cert.pem': FILES.certificate + FILES.ca }),
    code: 'BUNDLE_CERTIFICATE_INVALID',
  },
  {
    name: 'a key as certificate',
    bytes: tar({ ...PARTS, 'cert.pem': FILES.key }),
    code: 'BUNDLE_CERTIFICATE_INVALID',
  },
  {
    name: 'the CA as the client',
    bytes: tar({ ...PARTS, 'cert.pem': FILES.ca, 'key.pem': OURS.key }),
    code: 'BUNDLE_CERTIFICATE_REFUSED',
  },
  {
    name: 'a server as the client',
    bytes: packBundle({ ...FILES, ...SERVER }, { layout: 'flat' }),
    code: 'BUNDLE_CERTIFICATE_REFUSED',
  },
  {
    name: 'an expired client',
    bytes: packBundle({ ...FILES, ...EXPIRED }, { layout: 'flat' }),
    code: 'BUNDLE_CERTIFICATE_REFUSED',
  },
  {
    name: 'a client of the future',
    bytes: packBundle({ ...FILES, ...EARLY }, { layout: 'flat' }),
    code: 'BUNDLE_CERTIFICATE_REFUSED',
  },
  {
    name: 'a client of another CA',
    bytes: packBundle({ ...FILES, ...STRANGER }, { layout: 'flat' }),
    code: 'BUNDLE_CERTIFICATE_REFUSED',
  },
  {
    name: 'a whole bundle of another CA',
    bytes: packBundle({ ca: FOREIGN.pem, ...STRANGER }, { layout: 'flat' }),
    code: 'BUNDLE_CA_FOREIGN',
  },
  {
    name: 'another CA smuggled in',
    bytes: packBundle({ ...FILES, ca: FILES.ca + FOREIGN.pem }, { layout: 'flat' }),
    code: 'BUNDLE_CA_FOREIGN',
  },

  { name: 'an empty key', bytes: tar({ ...PARTS, 'key.pem': '' }), code: 'BUNDLE_KEY_INVALID' },
  { name: 'a certificate as key', bytes: tar({ ...PARTS, 'key.pem': FILES.ca }), code: 'BUNDLE_KEY_INVALID' },
  {
    name: 'a cut key',
    bytes: tar({ ...PARTS, 'key.pem': FILES.key.slice(0, 100) }),
    code: 'BUNDLE_KEY_INVALID',
  },
  { name: 'another key', bytes: tar({ ...PARTS, 'key.pem': STRANGER.key }), code: 'BUNDLE_PAIR_MISMATCH' },
  {
    name: 'another key of another type',
    bytes: tar({
      ...PARTS,
      'key.pem': issuePair(OURS.authority, 'client', { name: 'x', keyType: 'ed25519' }).key,
    }),
    code: 'BUNDLE_PAIR_MISMATCH',
  },
  {
    name: 'an encrypted key',
    bytes: tar({ ...PARTS, 'key.pem': encryptPrivateKey(readKeyPair(FILES.key), 'secret') }),
    code: 'BUNDLE_KEY_ENCRYPTED',
  },
  {
    name: 'a key encrypted in the old way',
    bytes: tar({
      ...PARTS,
      'key.pem':
        '-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n',
    }),
    code: 'BUNDLE_KEY_ENCRYPTED',
  },

  {
    name: 'a context without verification',
    bytes: context({ skipTlsVerify: true }),
    code: 'BUNDLE_CONTEXT_INVALID',
  },
  { name: 'a context without certificates', bytes: context({ tls: {} }), code: 'BUNDLE_CONTEXT_INVALID' },
  {
    name: 'a context without a key',
    bytes: context({ tls: { ca: Buffer.from(FILES.ca), certificate: Buffer.from(FILES.certificate) } }),
    code: 'BUNDLE_CONTEXT_INVALID',
  },
  { name: 'a context over SSH', bytes: context({ host: 'ssh://root@node1' }), code: 'BUNDLE_HOST_INVALID' },
  {
    name: 'a context of a strange host',
    bytes: context({ host: "tcp://x'; id #:2376" }),
    code: 'BUNDLE_HOST_INVALID',
  },
  {
    name: 'a context of a server',
    bytes: context({ tls: tls({ ...FILES, ...SERVER }) }),
    code: 'BUNDLE_CERTIFICATE_REFUSED',
  },
  {
    name: 'a context with another key',
    bytes: context({ tls: tls({ ...FILES, key: STRANGER.key }) }),
    code: 'BUNDLE_PAIR_MISMATCH',
  },

  {
    name: 'a manifest of another client',
    bytes: tar({
      ...FOLDER_PARTS,
      'bundle.json': String(FOLDER_PARTS['bundle.json']).replace('"alice"', '"bob"'),
    }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
    says: /bundle\.json says "bob", the certificate "alice"/,
  },
  ...[257, 30_000].map((count) => ({
    name: `a manifest for ${count} engines`,
    bytes: tar({
      ...FOLDER_PARTS,
      'bundle.json': JSON.stringify({
        client: 'alice',
        hosts: Array.from({ length: count }, (_each, i) => `h${i}`),
      }),
    }),
    code: 'BUNDLE_ARCHIVE_TOO_LARGE',
  })),
  {
    name: 'a manifest of text',
    bytes: tar({ ...FOLDER_PARTS, 'bundle.json': 'hello' }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
  },
  {
    name: 'a manifest of the wrong shape',
    bytes: tar({ ...FOLDER_PARTS, 'bundle.json': '{"client":"alice","hosts":[1]}' }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
  },
  {
    name: 'a manifest with a strange host',
    bytes: tar({ ...FOLDER_PARTS, 'bundle.json': '{"client":"alice","hosts":["$(id)"]}' }),
    code: 'BUNDLE_HOST_INVALID',
  },
  {
    name: 'a folder with a context of another engine',
    bytes: tar({ ...FOLDER_PARTS, 'x.dockercontext': context({ host: 'tcp://evil:2376' }) }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
    says: /a context is for "tcp:\/\/evil:2376"/,
  },
  {
    name: 'a folder with a context of another client',
    bytes: tar({
      ...FOLDER_PARTS,
      'x.dockercontext': context({ tls: tls({ ca: FOREIGN.pem, ...STRANGER }) }),
    }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
  },
  ...(['ca', 'certificate', 'key'] as const).map((kind) => ({
    name: `a folder with a context with another ${kind}`,
    bytes: tar({
      ...FOLDER_PARTS,
      'x.dockercontext': context({ tls: tls({ ...FILES, [kind]: { ca: FOREIGN.pem, ...STRANGER }[kind] }) }),
    }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
    says: /other certificates than the folder/,
  })),
  {
    name: 'a folder with a context without verification',
    bytes: tar({ ...FOLDER_PARTS, 'x.dockercontext': context({ skipTlsVerify: true }) }),
    code: 'BUNDLE_CONTEXT_INVALID',
  },
  {
    name: 'a folder with a context that is none',
    bytes: tar({ ...FOLDER_PARTS, 'x.dockercontext': 'x'.repeat(600) }),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  {
    name: 'a folder with a cut context',
    bytes: tar({ ...FOLDER_PARTS, 'x.dockercontext': CONTEXT.data.subarray(0, 2048) }),
    code: 'BUNDLE_ARCHIVE_TRUNCATED',
  },
  {
    name: 'a bundle in a zip in a tar',
    bytes: tar({ 'alice.zip': packFolder(FOLDER, { format: 'zip' }) }),
    code: 'BUNDLE_LAYOUT_UNKNOWN',
  },
];

describe('openBundle refuses', () => {
  const roots = [readCertificate(OURS.pem)];

  test.each(REFUSED)('$name', ({ bytes, code, says = /./ }) => {
    expect(() => openBundle(bytes, { now: NOW, roots })).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(says) }),
    );
  });

  test('a client of another CA, without a word on what an engine would do', () => {
    const bytes = packBundle({ ...FILES, ...STRANGER }, { layout: 'flat' });
    expect(messageOf(bytes)).toMatch(
      /^the certificate is of no CA that is beside it: none of the trusted CAs/,
    );
  });

  test.each(REFUSED)('$name, in one line without a secret', ({ bytes }) => {
    expect(messageOf(bytes)).toMatch(/^[^\p{C}]{10,300}$/u);
    expect(messageOf(bytes)).not.toContain(FILES.key.split('\n')[1]);
  });

  // A tar has no sum over all of it: only its end, and the files that it must have, tell that it is whole.
  test.each(GOOD)('layout $layout, cut at any block', ({ layout, bytes }) => {
    const end = bytes.length - (layout === 'context' ? 2048 : 512);
    for (let length = 512; length <= end; length += 512) {
      expect(() => openBundle(bytes.subarray(0, length), { now: NOW })).toThrow(
        expect.objectContaining({ name: 'BundleError' }),
      );
    }
  });

  test('a plain tar without its end, even when all that is missing is the key', () => {
    const whole = writeTar([publicText('ca.pem', FILES.ca), publicText('cert.pem', FILES.certificate)]);
    expect(() => openBundle(whole.subarray(0, whole.length - 1024), { now: NOW })).toThrow(
      expect.objectContaining({ code: 'BUNDLE_ARCHIVE_TRUNCATED' }),
    );
  });
});

function messageOf(bytes: Buffer): string {
  try {
    openBundle(bytes, { now: NOW, roots: [readCertificate(OURS.pem)] });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
