import fs from 'node:fs';
import { expect, test } from '@jest/globals';
import { mountAt, parseMountTable } from './mount-table.ts';

const parse = (...lines: readonly string[]): ReturnType<typeof parseMountTable> =>
  parseMountTable(Buffer.from(lines.map((line) => `${line}\n`).join('')));

const CERTS = '460 368 254:0 /diamol-certs /certs rw,relatime - ext4 /dev/vda rw';

test('reads the file system, what of it is mounted, and where', () => {
  expect(parse(CERTS)).toEqual([
    { device: '254:0', root: '/diamol-certs', mountPoint: '/certs', isReadOnly: false },
  ]);
});

test.each([
  ['no tag', '1 2 8:1 / /a rw - ext4 /dev/sda1 rw', '/'],
  ['one tag', '1 2 8:1 / /a rw master:90 - ext4 /dev/sda1 rw', '/'],
  ['several tags', '1 2 8:1 / /a rw shared:1 master:2 propagate_from:3 unbindable - ext4 x rw', '/'],
  ['an empty source', '1 2 8:1 /x /a rw -  rw', undefined],
  ['a source of nothing', '1 2 8:1 /x /a rw - tmpfs  rw', '/x'],
  ['a blank in the path', String.raw`1 2 8:1 /my\040certs /a rw - ext4 x rw`, '/my certs'],
  ['a line feed and a backslash', String.raw`1 2 8:1 /a\012b\134c /a rw - ext4 x rw`, '/a\nb\\c'],
  ['letters of other scripts', '1 2 8:1 /zertifikate/bücher /a rw - ext4 x rw', '/zertifikate/bücher'],
  ['a path that looks like the separator', '1 2 8:1 /- /a rw - ext4 x rw', '/-'],
  [
    'what the kernel says of a namespace',
    '1 2 0:4 net:[4026531840] /a rw - nsfs nsfs rw',
    'net:[4026531840]',
  ],
])('%s', (_, line, root) => {
  expect(parse(line)?.[0]?.root).toBe(root);
});

test('bytes that are no UTF-8 are seen as such', () => {
  const line = Buffer.concat([
    Buffer.from('1 2 8:1 /a'),
    Buffer.of(0xff),
    Buffer.from(' /a rw - ext4 x rw\n'),
  ]);
  expect(parseMountTable(line)?.[0]?.root).toBe('/a\ufffd');
});

test.each([
  ['of the mount', '1 2 8:1 / /a ro,relatime - ext4 x rw', true],
  ['of the file system', '1 2 8:1 / /a rw - ext4 x ro,errors=remount-ro', true],
  ['not by a word that has it inside', '1 2 8:1 / /a rw - ext4 x rw,errors=remount-ro', false],
])('read-only: %s', (_, line, expected) => {
  expect(parse(line)?.[0]?.isReadOnly).toBe(expected);
});

test.each([
  ['nothing of it', 'hello'],
  ['no device', '1 2 / /a rw - ext4 x rw'],
  ['no separator', '1 2 8:1 / /a rw ext4 x rw'],
  ['too little behind it', '1 2 8:1 / /a rw - ext4'],
  ['an empty line between', `${CERTS}\n\n${CERTS}`],
])('a table with %s is none', (_, text) => {
  expect(parse(text)).toBeUndefined();
});

test('a table that was cut short is none', () => {
  expect(parseMountTable(Buffer.from(`${CERTS}\n${CERTS.slice(0, 30)}`))).toBeUndefined();
});

test('of two mounts at one place, the later is seen', () => {
  const mounts = parse(CERTS, '461 460 254:1 /other /certs rw - ext4 x rw') ?? [];
  expect(mountAt(mounts, '/certs')?.root).toBe('/other');
  expect(mountAt(mounts, '/cert')).toBeUndefined();
});

test("reads this machine's own, where there is one", () => {
  const own = '/proc/self/mountinfo';
  const mounts = fs.existsSync(own) ? parseMountTable(fs.readFileSync(own)) : parse(CERTS);
  expect(mounts?.length).toBeGreaterThan(0);
});
