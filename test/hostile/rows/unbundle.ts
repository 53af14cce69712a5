import { deflateRawSync, gzipSync } from 'node:zlib';
import type { Row } from '../row.ts';
import { file, folder, link, pipe } from './files.ts';

/** One 512-byte header of a tar, and its data. */
function entry(name: string, type: string, data = '', linkname = ''): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write(['0000644', '0000000', '0000000', ''].join('\0'), 100);
  header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0        ', 136);
  header.write(type + linkname, 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, Buffer.from(data), Buffer.alloc((512 - (data.length % 512)) % 512)]);
}

function tar(...entries: readonly Buffer[]): Buffer {
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]));
}

function row(name: string, code: string, says: string, bytes: () => string | Buffer): Row {
  return {
    name: `unbundle: ${name}`,
    argv: ['unbundle', 'b.tar.gz', '--install'],
    setup: (work) => file('b.tar.gz', bytes())(work),
    code,
    says,
  };
}

function place(name: string, code: string, setup: Row['setup'] & object, says = 'b.tar.gz'): Row {
  return { name: `unbundle: ${name}`, argv: ['unbundle', 'b.tar.gz'], setup, code, says };
}

export const UNBUNDLE_ROWS: readonly Row[] = [
  row('an empty file', 'BUNDLE_ARCHIVE_TRUNCATED', 'empty', () => ''),
  row('garbage', 'BUNDLE_ARCHIVE_TRUNCATED', 'archive', () => 'garbage\u001b[31m'),
  row('half a gzip', 'BUNDLE_ARCHIVE_TRUNCATED', 'in the middle', () => tar(entry('a', '0')).subarray(0, 30)),
  row('a path that leads out', 'BUNDLE_ENTRY_REFUSED', '../x', () => tar(entry('../x', '0', 'x'))),
  row('an absolute path', 'BUNDLE_ENTRY_REFUSED', '/etc/x', () => tar(entry('/etc/x', '0', 'x'))),
  row('a path for another system', 'BUNDLE_ENTRY_REFUSED', 'x', () => tar(entry('..\\x', '0', 'x'))),
  row('a symbolic link', 'BUNDLE_ENTRY_REFUSED', 'ca.pem', () =>
    tar(entry('ca.pem', '2', '', '/etc/passwd')),
  ),
  row('a hard link', 'BUNDLE_ENTRY_REFUSED', 'ca.pem', () => tar(entry('ca.pem', '1', '', '/etc/shadow'))),
  row('a device', 'BUNDLE_ENTRY_REFUSED', 'ca.pem', () => tar(entry('ca.pem', '3'))),
  row('two files of one name', 'BUNDLE_ENTRY_REFUSED', 'ca.pem', () =>
    tar(entry('ca.pem', '0', 'a'), entry('ca.pem', '0', 'b')),
  ),
  row('256 megabytes of nothing', 'BUNDLE_ARCHIVE_TOO_LARGE', 'archive', () =>
    gzipSync(Buffer.alloc(2 ** 28)),
  ),
  row('none of our files', 'BUNDLE_LAYOUT_UNKNOWN', 'cert.pem', () => tar(entry('README', '0', 'x'))),
  row('garbage for certificates', 'BUNDLE_CERTIFICATE_INVALID', 'CA file', () =>
    tar(entry('ca.pem', '0', 'x'), entry('cert.pem', '0', 'x'), entry('key.pem', '0', 'x')),
  ),
  row('deflate without its container', 'BUNDLE_ARCHIVE_TRUNCATED', 'archive', () => deflateRawSync('x')),
  place('a directory for a bundle', 'FILE_NOT_REGULAR', folder('b.tar.gz')),
  place('a pipe for a bundle', 'FILE_NOT_REGULAR', pipe('b.tar.gz')),
  place('a bundle that is not there', 'FILE_NOT_FOUND', () => undefined),
  place('a link to itself', 'FILE_NOT_REGULAR', link('b.tar.gz', 'b.tar.gz')),
  {
    name: 'unbundle: an endless device',
    argv: ['unbundle', '/dev/zero'],
    code: 'FILE_NOT_REGULAR',
    says: '/dev/zero',
  },
];
