import type { Row } from '../row.ts';
import { all, edit, folder, pipe, remove } from './files.ts';

const CLIENT = 'ca/profiles/client.json';

function change(fields: Readonly<Record<string, unknown>>): (work: string) => void {
  return edit(CLIENT, (bytes) => JSON.stringify({ ...JSON.parse(bytes.toString('utf8')), ...fields }));
}

const PROFILES: readonly Omit<Row, 'argv' | 'code'>[] = [
  { name: 'both roles', setup: change({ extKeyUsage: ['clientAuth', 'serverAuth'] }), says: 'serverAuth' },
  { name: 'the other role', setup: change({ extKeyUsage: ['serverAuth'] }), says: 'clientAuth is missing' },
  { name: 'an unknown key', setup: change({ isCa: true }), says: '"isCa": unknown key' },
  { name: 'a key with an escape sequence', setup: change({ '\u001b[31m': 1 }), says: String.raw`\u001b[31m` },
  { name: 'a negative lifetime', setup: change({ lifetime: '-1d' }), says: '"-1d"' },
  { name: 'a lifetime of a number', setup: change({ lifetime: 365 }), says: 'lifetime' },
  { name: 'a lifetime of 10000 years', setup: change({ lifetime: '3650000d' }), says: 'lifetime' },
  { name: 'a weak key', setup: change({ keyType: 'rsa-1024' }), says: '"rsa-1024"' },
  { name: 'the key usage of a CA', setup: change({ keyUsage: ['keyCertSign'] }), says: 'keyCertSign' },
  { name: 'a NUL', setup: change({ keyType: '\0' }), says: String.raw`\u0000` },
  { name: 'no JSON', setup: edit(CLIENT, () => '{ lifetime: 365 }'), says: 'not valid JSON' },
  { name: 'an array', setup: edit(CLIENT, () => '[]'), says: 'not a JSON object' },
  { name: 'null', setup: edit(CLIENT, () => 'null'), says: 'not a JSON object' },
  { name: 'nothing', setup: edit(CLIENT, () => ''), says: 'not valid JSON' },
  { name: 'nothing, not even a file', setup: remove(CLIENT), says: 'no such file' },
  { name: '100000 brackets', setup: edit(CLIENT, () => '['.repeat(100_000)), says: 'not valid JSON' },
  {
    name: 'the prototype',
    setup: edit(CLIENT, () => '{"__proto__":{"keyType":"ec-p256"}}'),
    says: '__proto__',
  },
];

const FILES: readonly Omit<Row, 'argv'>[] = [
  {
    name: 'two megabytes',
    setup: edit(CLIENT, (bytes) => `${bytes.toString('utf8')}${' '.repeat(2 ** 21)}`),
    code: 'FILE_TOO_LARGE',
    says: 'client.json',
  },
  {
    name: 'a directory',
    setup: all(remove(CLIENT), folder(CLIENT)),
    code: 'FILE_NOT_REGULAR',
    says: 'client.json',
  },
  { name: 'a pipe', setup: all(remove(CLIENT), pipe(CLIENT)), code: 'FILE_NOT_REGULAR', says: 'client.json' },
];

export const PROFILE_ROWS: readonly Row[] = [
  ...PROFILES.map((row) => ({ ...row, code: 'CA_DIRECTORY_PROFILE_INVALID' })),
  ...FILES,
].map((row) => ({ ...row, name: `issue-client: a profile with ${row.name}`, argv: ['issue-client', 'bob'] }));
