import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { packFolder, parseEngineHost } from '@docker-mtls/bundle';
import { testAuthority } from '../testing/test-authority.ts';
import type { TestAuthority } from '../testing/test-authority.ts';
import { clientFiles } from './client-files.ts';
import {
  bundleFileName,
  checkBundlePlace,
  isEarlierBundle,
  packClient,
  writeBundle,
} from './write-bundle.ts';

const BYTES = Buffer.from('an archive');
const never = (): boolean => false;
const always = (): boolean => true;

let ca: TestAuthority;
let target: string;

async function authorityWith(...clients: readonly string[]): Promise<TestAuthority> {
  const made = await testAuthority();
  for (const name of clients) await made.issue({ kind: 'client', name });
  return made;
}

beforeEach(async () => {
  ca = await authorityWith('alice', 'bob');
  target = path.join(ca.folder, 'alice.tar.gz');
});

test.each([
  ['flat', 'alice.tar.gz'],
  ['pwd', 'pwd-client-certs'],
] as const)('the archive of layout %s is called %s', (layout, name) => {
  expect(bundleFileName('alice', layout)).toBe(name);
});

test('the same files make the same bytes, and each layout its own', async () => {
  const alice = await ca.current('client', 'alice');
  expect(packClient(alice, 'flat').equals(packClient(alice, 'flat'))).toBe(true);
  expect(packClient(alice, 'flat').equals(packClient(alice, 'pwd'))).toBe(false);
});

describe('writeBundle', () => {
  test('writes for its owner alone, whatever the umask', () => {
    const umask = process.umask(0);
    expect(writeBundle(target, BYTES, never)).toBe(true);
    process.umask(umask);
    expect(fs.statSync(target).mode & 0o777).toBe(0o600);
    expect(fs.readFileSync(target)).toEqual(BYTES);
  });

  test('leaves the same bytes alone', () => {
    writeBundle(target, BYTES, never);
    expect(writeBundle(target, BYTES, never)).toBe(false);
  });

  test.each([
    ['another file', () => fs.writeFileSync(target, 'x')],
    ['an empty file', () => fs.writeFileSync(target, '')],
    ['a file larger than any bundle', () => fs.writeFileSync(target, Buffer.alloc(2 ** 21))],
    ['a link to nowhere', () => fs.symlinkSync('gone', target)],
  ])('gives way to %s, unless it may replace it', (_, put) => {
    put();
    for (const step of [checkBundlePlace, (file: string) => writeBundle(file, BYTES, never)]) {
      expect(() => step(target, never)).toThrow(expect.objectContaining({ code: 'BUNDLE_EXISTS' }));
    }
    expect(() => checkBundlePlace(target, always)).not.toThrow();
    expect(writeBundle(target, BYTES, always)).toBe(true);
    expect(fs.readFileSync(target)).toEqual(BYTES);
    expect(fs.existsSync(path.join(ca.folder, 'gone'))).toBe(false);
  });

  test('refuses a folder in its place, whatever it may', () => {
    fs.mkdirSync(target);
    expect(() => checkBundlePlace(target, always)).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_REGULAR' }),
    );
    expect(() => writeBundle(target, BYTES, always)).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_REGULAR' }),
    );
  });
});

test('checkBundlePlace wants the folder to be there', () => {
  expect(() => checkBundlePlace(target, never)).not.toThrow();
  expect(() => checkBundlePlace(path.join(ca.folder, 'no', 'a'), never)).toThrow(
    expect.objectContaining({ code: 'FILE_NOT_FOUND' }),
  );
});

describe('isEarlierBundle', () => {
  test.each(['flat', 'pwd'] as const)('knows an archive of the client, layout %s', async (layout) => {
    const alice = await ca.current('client', 'alice');
    expect(isEarlierBundle(packClient(alice, layout), alice)).toBe(true);
  });

  test.each(['tar.gz', 'zip'] as const)('knows a folder for an engine, as %s', async (format) => {
    const alice = await ca.current('client', 'alice');
    const folder = { client: 'alice', files: clientFiles(alice), hosts: [parseEngineHost('node1')] as const };
    expect(isEarlierBundle(packFolder(folder, { format }), alice)).toBe(true);
  });

  test('that was made before a renewal too', async () => {
    const earlier = packClient(await ca.current('client', 'alice'), 'flat');
    await ca.issue({ kind: 'client', name: 'alice', force: true });
    expect(isEarlierBundle(earlier, await ca.current('client', 'alice'))).toBe(true);
  });

  test('but not with the only copy of a key, once that is gone here', async () => {
    const { folder, current } = await authorityWith('alice');
    const alice = await current('client', 'alice');
    const withKey = packClient(alice, 'pwd');
    fs.rmSync(path.join(folder, 'ca/clients/alice/key.pem'));
    expect(isEarlierBundle(withKey, alice)).toBe(false);
    expect(isEarlierBundle(packClient(alice, 'pwd'), alice)).toBe(true);
  });

  test("is not another client's, another CA's, or no archive", async () => {
    const alice = await ca.current('client', 'alice');
    const other = await authorityWith('alice');
    expect(isEarlierBundle(packClient(await ca.current('client', 'bob'), 'flat'), alice)).toBe(false);
    expect(isEarlierBundle(packClient(await other.current('client', 'alice'), 'flat'), alice)).toBe(false);
    expect(isEarlierBundle(BYTES, alice)).toBe(false);
    expect(isEarlierBundle(Buffer.alloc(0), alice)).toBe(false);
    expect(isEarlierBundle(undefined, alice)).toBe(false);
  });
});
