import { execFileSync } from 'node:child_process';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import type { Need } from '../../../../test/support/needs.ts';
import { privateFolder, publicText, type ArchiveEntry } from './entry.ts';
import { readArchive } from './read-archive.ts';
import { writeGzip } from './write-gzip.ts';
import { writeTar } from './write-tar.ts';
import { writeZip } from './write-zip.ts';

const ENTRIES: readonly ArchiveEntry[] = [
  privateFolder('alice'),
  publicText('alice/README', 'read me\n'),
  { path: 'alice/key.pem', mode: 0o600, data: Buffer.alloc(1000, 'k') },
  publicText('alice/empty', ''),
];
const FILES = ENTRIES.slice(1);

const PACKERS: readonly { readonly command: string; readonly needs: readonly Need[] }[] = [
  { command: 'tar -c', needs: [] },
  { command: 'zip -q -', needs: ['zip'] },
  { command: 'bsdtar -c -f - --format ustar', needs: ['bsdtar'] },
];

/** A tar entry whose fields can be given as no honest writer would; its checksum is right nevertheless. */
type RawEntry = {
  readonly name?: string;
  readonly type?: string;
  readonly data?: string;
  readonly size?: string;
  readonly link?: string;
  readonly magic?: string;
  readonly prefix?: string;
};

function rawTar(...entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.map(rawEntry), Buffer.alloc(1024)]);
}

function rawEntry({
  name = 'ca.pem',
  type = '0',
  data = '',
  size,
  link = '',
  magic = 'ustar\u000000',
  prefix = '',
}: RawEntry): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\u00000000000\u00000000000\u0000', 100);
  header.write(size ?? `${data.length.toString(8).padStart(11, '0')}\u0000`, 124, 12, 'latin1');
  header.write('00000000000\u0000        ', 136);
  header.write(type, 156, 1);
  header.write(link, 157, 100);
  header.write(magic, 257, 8);
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148);
  const body = Buffer.alloc(Math.ceil(data.length / 512) * 512);
  body.write(data);
  return Buffer.concat([header, body]);
}

/** An honest zip, changed afterwards: each change is [signature of the record, field, value, which one]. */
function changedZip(record: 'local' | 'central' | 'end', field: number, value: number, bytes = 2): Buffer {
  const zip = writeZip([publicText('ca.pem', 'ca'), publicText('cert.pem', 'cert')]);
  const signature = { local: 'PK\u0003\u0004', central: 'PK\u0001\u0002', end: 'PK\u0005\u0006' }[record];
  zip.writeUIntLE(value, zip.indexOf(signature) + field, bytes);
  return zip;
}

/** A zip whose one file has a further field in its own header, or in the list. */
function extendedZip(where: 'local' | 'central', field: Buffer): Buffer {
  const zip = zipOf('ca.pem');
  const list = zip.indexOf('PK\u0001\u0002');
  const end = zip.indexOf('PK\u0005\u0006');
  zip.writeUInt16LE(field.length, where === 'local' ? 28 : list + 30);
  const [lengthOfList, startOfList] = [end + 12, end + 16];
  const at = where === 'local' ? startOfList : lengthOfList;
  zip.writeUInt32LE(zip.readUInt32LE(at) + field.length, at);
  const place = where === 'local' ? 30 + 'ca.pem'.length : end;
  return Buffer.concat([zip.subarray(0, place), field, zip.subarray(place)]);
}

// APPNOTE.TXT 4.5.7, a time; 4.6.9, another name.
const TIME_FIELD = Buffer.from('5554050001000000ff', 'hex');
const NAME_FIELD = Buffer.from('75700c000135f2a3e62e2e2f612e7368', 'hex');

/** A zip with one compressed file, and something behind the end of its compressed data, within its length. */
function deflatedZip(behind: string): Buffer {
  const content = Buffer.from('ca');
  const data = Buffer.concat([deflateRawSync(content), Buffer.from(behind)]);
  const zip = writeZip([{ path: 'ca.pem', mode: 0o644, data }]);
  // Method, checksum and size lie the same way in both records.
  for (const method of [8, zip.indexOf('PK\u0001\u0002') + 10]) {
    zip.writeUInt16LE(8, method);
    zip.writeUInt32LE(crc32(content), method + 6);
    zip.writeUInt32LE(content.length, method + 14);
  }
  return zip;
}

function zipOf(name: string, mode = 0o644): Buffer {
  return writeZip([{ path: name, mode, data: Buffer.from('x') }]);
}

describe('readArchive', () => {
  test.each(['local', 'central'] as const)('passes over a time in a field of a zip: %s', (where) => {
    expect(readArchive(extendedZip(where, TIME_FIELD)).files.map(({ path }) => path)).toEqual(['ca.pem']);
  });

  test('reads a compressed file of a zip', () => {
    expect(readArchive(deflatedZip('')).files.map(({ data }) => String(data))).toEqual(['ca']);
  });

  test.each([
    { format: 'tar', bytes: writeTar(ENTRIES) },
    { format: 'tar.gz', bytes: writeGzip(writeTar(ENTRIES)) },
    { format: 'tar.gz', bytes: gzipSync(writeTar(ENTRIES)) },
    { format: 'zip', bytes: writeZip(ENTRIES) },
  ])('reads back what was written as $format', ({ bytes }) => {
    expect(readArchive(bytes)).toEqual({ files: FILES, folders: ['alice/'], isComplete: true });
  });

  test.each([
    { name: 'without its end', cut: 1024 },
    { name: 'without its end and the padding before it', cut: 1024 + 512 - 1000 + 512 },
  ])('a tar $name is read, and told apart', ({ cut }) => {
    const tar = writeTar(ENTRIES.slice(0, 3));
    const archive = readArchive(tar.subarray(0, tar.length - cut));
    expect(archive.isComplete).toBe(false);
    expect(archive.files).toEqual(ENTRIES.slice(1, 3));
  });

  test('“./” before each name, as tar -c . writes it, is taken off', () => {
    const archive = readArchive(
      rawTar({ name: './', type: '5' }, { name: './ca.pem', data: 'ca' }, { name: './d/', type: '5' }),
    );
    expect(archive.files.map(({ path }) => path)).toEqual(['ca.pem']);
    expect(archive.folders).toEqual(['d/']);
  });

  describe.each(PACKERS)('packed with `$command`', ({ command, needs }) => {
    describeNeeding(needs, 'by the stock tool', () => {
      test('is read', () => {
        const [tool = '', ...args] = command.split(' ');
        const files = ['package.json', 'README.md'];
        const bytes = execFileSync(tool, [...args, ...files], { cwd: new URL('../..', import.meta.url) });
        expect(readArchive(bytes).files.map(({ path }) => path)).toEqual(files);
      });
    });
  });
});

const TAR = writeTar(ENTRIES);
const GZIP = gzipSync(TAR);
const ZIP = writeZip(FILES);
const MIB = 1024 * 1024;

const HOSTILE: readonly { readonly name: string; readonly bytes: Buffer; readonly code: string }[] = [
  { name: 'nothing', bytes: Buffer.alloc(0), code: 'BUNDLE_ARCHIVE_TRUNCATED' },
  { name: 'text', bytes: Buffer.from('hello\n'.repeat(200)), code: 'BUNDLE_ARCHIVE_INVALID' },
  {
    name: 'PKCS#12',
    bytes: Buffer.from('3082010002010330', 'hex'),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  { name: 'a short text', bytes: Buffer.from('hello\n'), code: 'BUNDLE_ARCHIVE_TRUNCATED' },
  {
    name: 'a PEM',
    bytes: Buffer.from('-----BEGIN CERTIFICATE-----\n'.padEnd(600, 'A')),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  { name: 'an age file', bytes: Buffer.from('age-encryption.org/v1\n-> scrypt'), code: 'BUNDLE_ENCRYPTED' },
  {
    name: 'an armored age file',
    bytes: Buffer.from('-----BEGIN AGE ENCRYPTED FILE-----\nYWdl'),
    code: 'BUNDLE_ENCRYPTED',
  },

  { name: 'tar: ../', bytes: rawTar({ name: '../ca.pem' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: x/../../', bytes: rawTar({ name: 'x/../../ca.pem' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: ./../', bytes: rawTar({ name: './../ca.pem' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: .. as a folder', bytes: rawTar({ name: '..', type: '5' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: absolute', bytes: rawTar({ name: '/etc/passwd' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: absolute behind ./', bytes: rawTar({ name: './/etc/passwd' }), code: 'BUNDLE_ENTRY_REFUSED' },
  {
    name: 'tar: absolute by its prefix',
    bytes: rawTar({ prefix: '/etc', name: 'passwd' }),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: out by its prefix',
    bytes: rawTar({ prefix: '..', name: 'ca.pem' }),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: a longer name for GNU tar',
    bytes: rawTar({ magic: 'ustar\u000001', prefix: '..' }),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  {
    name: 'tar: a longer name for Python',
    bytes: rawTar({ magic: 'ustar  ', prefix: '..' }),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  { name: 'tar: backslash', bytes: rawTar({ name: '..\\ca.pem' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: drive letter', bytes: rawTar({ name: 'C:/ca.pem' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: alternate stream', bytes: rawTar({ name: 'ca.pem:key' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: double slash', bytes: rawTar({ name: 'a//ca.pem' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: dot part', bytes: rawTar({ name: 'a/./ca.pem' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: trailing dot', bytes: rawTar({ name: 'ca.pem.' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: trailing space', bytes: rawTar({ name: 'ca.pem ' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: no name', bytes: rawTar({ name: '' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: escape sequence', bytes: rawTar({ name: '\u001B[2Jca.pem' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: newline', bytes: rawTar({ name: 'ca\n.pem' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: look-alike letter', bytes: rawTar({ name: 'c\u0430.pem' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: NUL and more', bytes: rawTar({ name: 'ca.pem\u0000\n../x' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: too deep', bytes: rawTar({ name: 'a/b/c/d/e/f' }), code: 'BUNDLE_ENTRY_REFUSED' },
  {
    name: 'tar: symbolic link',
    bytes: rawTar({ type: '2', link: '/etc/passwd' }),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  { name: 'tar: hard link', bytes: rawTar({ type: '1', link: 'key.pem' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: character device', bytes: rawTar({ type: '3' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: block device', bytes: rawTar({ type: '4' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: pipe', bytes: rawTar({ type: '6' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: contiguous file', bytes: rawTar({ type: '7' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: sparse file', bytes: rawTar({ type: 'S' }), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'tar: unknown type', bytes: rawTar({ type: 'z' }), code: 'BUNDLE_ENTRY_REFUSED' },
  {
    name: 'tar: pax header',
    bytes: rawTar({ type: 'x', data: '16 path=../ca.pem\n' }, {}),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: global pax header',
    bytes: rawTar({ type: 'g', data: '11 size=99\n' }, {}),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: GNU long name',
    bytes: rawTar({ type: 'L', data: '../ca.pem' }, {}),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: folder with content',
    bytes: rawTar({ name: 'd/', type: '5', data: 'x'.repeat(512) }),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: file named as a folder, with content',
    bytes: rawTar({ name: 'd/', data: 'x'.repeat(512) }),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: the same name twice',
    bytes: rawTar({ data: 'a' }, { data: 'b' }),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: the same name twice, once with ./',
    bytes: rawTar({}, { name: './ca.pem' }),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: the same name but for its case',
    bytes: rawTar({}, { name: 'CA.pem' }),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: the same name but for its case, in the other order',
    bytes: rawTar({ name: 'CA.pem' }, {}),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: a file used as a folder',
    bytes: rawTar({}, { name: 'ca.pem/x' }),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: a file used as a folder, but for its case',
    bytes: rawTar({}, { name: 'CA.pem/x' }),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: a file that is a folder too',
    bytes: rawTar({}, { name: 'ca.pem/', type: '5' }),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'tar: size beyond its end',
    bytes: rawTar({ size: '00000100000\u0000' }),
    code: 'BUNDLE_ARCHIVE_TRUNCATED',
  },
  {
    name: 'tar: size of 8 GiB',
    bytes: rawTar({ size: '77777777777\u0000' }),
    code: 'BUNDLE_ARCHIVE_TRUNCATED',
  },
  {
    name: 'tar: negative size',
    bytes: rawTar({ size: '-0000000001\u0000' }),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  {
    name: 'tar: binary size',
    bytes: rawTar({ size: '\u0080\0\0\0\0\0\0\0\0\0\0\u0001' }),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  {
    name: 'tar: half-octal size',
    bytes: rawTar({ size: '00000000019\u0000' }),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  { name: 'tar: no size', bytes: rawTar({ size: '\u0000'.repeat(12) }), code: 'BUNDLE_ARCHIVE_INVALID' },
  { name: 'tar: owner of many digits', bytes: withWideOwner(), code: 'BUNDLE_ARCHIVE_INVALID' },
  { name: 'tar: wrong checksum', bytes: Buffer.from(TAR.fill('x', 3, 4)), code: 'BUNDLE_ARCHIVE_INVALID' },
  {
    name: 'tar: data behind the end',
    bytes: Buffer.concat([rawTar({}), rawTar({ name: 'b' })]),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  {
    name: 'tar: too many entries',
    bytes: rawTar(...Array.from({ length: 600 }, (_, i) => ({ name: `f${i}` }))),
    code: 'BUNDLE_ARCHIVE_TOO_LARGE',
  },
  { name: 'tar: too large', bytes: Buffer.alloc(11 * MIB), code: 'BUNDLE_ARCHIVE_TOO_LARGE' },

  { name: 'gzip: bomb', bytes: gzipSync(Buffer.alloc(100 * MIB)), code: 'BUNDLE_ARCHIVE_TOO_LARGE' },
  { name: 'gzip: small bomb', bytes: gzipSync(Buffer.alloc(2 * MIB)), code: 'BUNDLE_ARCHIVE_TOO_LARGE' },
  { name: 'gzip: empty', bytes: gzipSync(''), code: 'BUNDLE_ARCHIVE_INVALID' },
  { name: 'gzip: text', bytes: gzipSync('hello '.repeat(500)), code: 'BUNDLE_ARCHIVE_INVALID' },
  { name: 'gzip: in gzip', bytes: gzipSync(GZIP), code: 'BUNDLE_ARCHIVE_TRUNCATED' },
  { name: 'gzip: wrong checksum', bytes: withByte(GZIP, GZIP.length - 8), code: 'BUNDLE_ARCHIVE_INVALID' },
  { name: 'gzip: wrong length', bytes: withByte(GZIP, GZIP.length - 4), code: 'BUNDLE_ARCHIVE_INVALID' },
  { name: 'gzip: damaged header', bytes: withByte(GZIP, 2), code: 'BUNDLE_ARCHIVE_INVALID' },
  {
    name: 'gzip: data behind the end',
    bytes: Buffer.concat([GZIP, Buffer.from('more')]),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  {
    name: 'gzip: zeros behind the end',
    bytes: Buffer.concat([GZIP, Buffer.alloc(8)]),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },

  { name: 'zip: ../', bytes: zipOf('../ca.pem'), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: absolute', bytes: zipOf('/etc/passwd'), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: backslash', bytes: zipOf('a\\ca.pem'), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: drive letter', bytes: zipOf('C:ca.pem'), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: NUL in the name', bytes: zipOf('ca.pem\u0000.txt'), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: no name', bytes: zipOf(''), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: folder with content', bytes: zipOf('d/'), code: 'BUNDLE_ENTRY_REFUSED' },
  {
    name: 'zip: the same name twice',
    bytes: writeZip([publicText('a', '1'), publicText('A', '2')]),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  { name: 'zip: symbolic link', bytes: changedZip('central', 40, 0o120_777), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: pipe', bytes: changedZip('central', 40, 0o010_644), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: encrypted', bytes: changedZip('central', 8, 1), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: behind the compressed data', bytes: deflatedZip('PK'), code: 'BUNDLE_ARCHIVE_INVALID' },
  {
    name: 'zip: another name for some',
    bytes: extendedZip('local', NAME_FIELD),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  {
    name: 'zip: another name in the list for some, behind a time',
    bytes: extendedZip('central', Buffer.concat([TIME_FIELD, NAME_FIELD])),
    code: 'BUNDLE_ENTRY_REFUSED',
  },
  { name: 'zip: unusual compression', bytes: changedZip('central', 10, 14), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: method differs', bytes: changedZip('local', 8, 8), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: flags differ', bytes: changedZip('local', 6, 1), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: size differs', bytes: changedZip('local', 22, 3), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: checksum differs', bytes: changedZip('local', 14, 3), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: name differs', bytes: changedZip('local', 30, 0x41, 1), code: 'BUNDLE_ENTRY_REFUSED' },
  { name: 'zip: content damaged', bytes: changedZip('local', 36, 0x41, 1), code: 'BUNDLE_ARCHIVE_INVALID' },
  { name: 'zip: entries overlap', bytes: changedZip('central', 20, 200, 4), code: 'BUNDLE_ARCHIVE_INVALID' },
  { name: 'zip: entry elsewhere', bytes: changedZip('central', 42, 9999, 4), code: 'BUNDLE_ARCHIVE_INVALID' },
  {
    name: 'zip: name beyond its end',
    bytes: changedZip('central', 28, 9999),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  {
    name: 'zip: bomb by its own word',
    bytes: changedZip('central', 24, 0xffff_ffff, 4),
    code: 'BUNDLE_ARCHIVE_TOO_LARGE',
  },
  {
    name: 'zip: more entries than there are',
    bytes: changedZip('end', 8, 0x0003_0003, 4),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  {
    name: 'zip: fewer entries than there are',
    bytes: changedZip('end', 8, 0x0001_0001, 4),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
  { name: 'zip: entry left out of the list', bytes: unlistedZip(), code: 'BUNDLE_ARCHIVE_INVALID' },
  { name: 'zip: several disks', bytes: changedZip('end', 4, 1), code: 'BUNDLE_ARCHIVE_INVALID' },
  { name: 'zip: list elsewhere', bytes: changedZip('end', 16, 3, 4), code: 'BUNDLE_ARCHIVE_INVALID' },
  {
    name: 'zip: too many entries',
    bytes: writeZip(Array.from({ length: 600 }, (_, i) => publicText(`f${i}`, ''))),
    code: 'BUNDLE_ARCHIVE_TOO_LARGE',
  },
  {
    name: 'zip: data behind the end',
    bytes: Buffer.concat([ZIP, Buffer.from('more')]),
    code: 'BUNDLE_ARCHIVE_TRUNCATED',
  },
  {
    name: 'zip: program before it',
    bytes: Buffer.concat([Buffer.from('PK!'), ZIP]),
    code: 'BUNDLE_ARCHIVE_INVALID',
  },
];

/** An owner's number as the base-256 form of GNU tar writes it, larger than a number can be. */
function withWideOwner(): Buffer {
  const tar = rawTar({});
  tar.fill(0x80, 108, 109).fill(0xff, 109, 116);
  return tar;
}

function withByte(data: Buffer, offset: number): Buffer {
  const changed = Buffer.from(data);
  changed.writeUInt8(changed.readUInt8(offset) ^ 1, offset);
  return changed;
}

/** The list names only the second of two entries. */
function unlistedZip(): Buffer {
  const both = writeZip([publicText('hidden', 'x'), publicText('ca.pem', 'ca')]);
  const listed = both.lastIndexOf('PK\u0001\u0002');
  const locals = both.subarray(0, both.indexOf('PK\u0001\u0002'));
  const end = Buffer.from(both.subarray(both.indexOf('PK\u0005\u0006')));
  const central = both.subarray(listed, both.length - end.length);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(locals.length, 16);
  return Buffer.concat([locals, central, end]);
}

describe('readArchive refuses', () => {
  test.each(HOSTILE)('$name', ({ bytes, code }) => {
    expect(() => readArchive(bytes)).toThrow(expect.objectContaining({ code }));
  });

  test('a PKCS#12 file is called one', () => {
    expect(messageOf(Buffer.from('3082010002010330', 'hex'))).toContain('PKCS#12');
  });

  test('every message is one line that a terminal can take', () => {
    for (const { bytes } of HOSTILE) {
      expect(messageOf(bytes)).toMatch(/^[^\p{C}]{10,200}$/u);
    }
  });

  test.each([
    { format: 'tar.gz', bytes: GZIP },
    { format: 'zip', bytes: ZIP },
  ])('a $format that is cut anywhere', ({ bytes }) => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readArchive(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ name: 'BundleError' }),
      );
    }
  });

  test('a tar that is cut anywhere, or tells that its end is missing', () => {
    const tar = writeTar(FILES);
    for (let length = 0; length < tar.length - 512; length += 64) {
      expect(isRefusedOrIncomplete(tar.subarray(0, length))).toBe(true);
    }
  });

  test('random bytes and random changes, always with a reason', () => {
    const archives = [writeTar(FILES), gzipSync(writeTar(FILES)), ZIP];
    const change = fc.record({ offset: fc.nat(4000), byte: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.constantFrom(...archives),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        (archive, changes) => {
          const changed = Buffer.from(archive);
          for (const { offset, byte } of changes) changed.writeUInt8(byte, offset % changed.length);
          expect(messageOf(changed)).not.toBe('');
        },
      ),
    );
  });
});

function isRefusedOrIncomplete(bytes: Buffer): boolean {
  try {
    return !readArchive(bytes).isComplete;
  } catch (error) {
    return (error as Error).name === 'BundleError';
  }
}

/** The reason for which it is refused; any other error than ours goes through. */
function messageOf(bytes: Buffer): string {
  try {
    readArchive(bytes);
    return 'it is read';
  } catch (error) {
    if ((error as Error).name === 'BundleError') return (error as Error).message;
    throw error;
  }
}
