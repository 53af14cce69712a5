import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { args } from '../../testing/fake-io.ts';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';
import { outFolder } from './copy-out.ts';

let ca: TestCa;
let out: string;

beforeEach(async () => {
  ca = await makeTestCa(['issue-client', 'alice']);
  out = path.join(ca.folder, 'out');
});

const inOut = (name: string): string => path.join(out, name);
const modeOf = (file: string): string => (fs.statSync(file).mode & 0o777).toString(8);

function write(name: string, text: string): void {
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(inOut(name), text);
}

function generationsIn(folder: string): readonly string[] {
  return fs.readdirSync(folder).filter((name) => name.startsWith('.gen-'));
}

/** The files that are seen by their paths, with their modes. */
function tree(): readonly string[] {
  return fs.readdirSync(out, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return fs.statSync(file).isFile() && !file.includes('/.')
      ? [`${path.relative(out, file)} ${modeOf(file)}`]
      : [];
  });
}

test('a refused --out leaves nothing issued', async () => {
  write('key.pem', 'x');
  expect(await ca.run('issue-client', 'bob', '--out', 'out')).toMatchObject({ exitCode: 1 });
  expect(await ca.run('issue-client', 'bob', '--out', 'out2')).toMatchObject({ exitCode: 0 });
});

test('a copy that fails after the pair was issued is reported as such', async () => {
  const mkdir = fs.mkdirSync;
  const full = jest.spyOn(fs, 'mkdirSync').mockImplementation((folder, options) => {
    if (String(folder).endsWith('/out')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    return mkdir(folder, options);
  });
  const { exitCode, stderr } = await ca.run('issue-client', 'bob', '--out', 'out');
  full.mockRestore();
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /the pair was issued to .*\/clients\/bob, but not copied: .*no space left/u,
    ),
  });
  expect(fs.existsSync(path.join(ca.folder, 'ca/clients/bob/key.pem'))).toBe(true);
});

test('outFolder is taken from here', () => {
  expect(outFolder(args({ out: 'a' }), ca.io)).toBe(path.join(ca.folder, 'a'));
  expect(outFolder(args(), ca.io)).toBeUndefined();
});

describe('Docker-in-Docker', () => {
  const DIND = ['--layout', 'dind', '--out', 'out'];
  test('has a folder for each part, and the key of the CA nowhere', async () => {
    expect(await ca.run('issue-server', 'dind', ...DIND)).toMatchObject({ exitCode: 0 });
    expect(await ca.run('issue-client', 'bob', ...DIND)).toMatchObject({ exitCode: 0 });
    expect(tree().toSorted()).toEqual([
      'ca/cert.pem 644',
      'client/ca.pem 644',
      'client/cert.pem 644',
      'client/key.pem 600',
      'server/ca.pem 644',
      'server/cert.pem 644',
      'server/key.pem 600',
    ]);
    const roots = ['ca/cert.pem', 'client/ca.pem', 'server/ca.pem'].map((name) =>
      fs.readFileSync(inOut(name), 'utf8'),
    );
    expect(new Set(roots)).toEqual(new Set([fs.readFileSync(path.join(ca.folder, 'ca/ca.pem'), 'utf8')]));
  });

  test('keeps what it had aside when it is told to replace it', async () => {
    await ca.run('issue-server', 'dind', ...DIND);
    expect(await ca.run('issue-server', 'dind', ...DIND, '--force')).toMatchObject({ exitCode: 0 });
    expect(generationsIn(inOut('server'))).toHaveLength(2);
  });

  test.each(['ca/key.pem', 'ca/cert.pem', 'server/key.pem'])(
    'is left alone where %s is another',
    async (name) => {
      fs.mkdirSync(path.dirname(inOut(name)), { recursive: true });
      fs.writeFileSync(inOut(name), 'other');
      const { exitCode, stderr } = await ca.run('issue-server', 'dind', ...DIND);
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(`out/${name}`) });
      expect(tree()).toHaveLength(1);
      await expect(ca.current('server', 'dind')).rejects.toThrow('no server dind');
    },
  );

  test('is refused beside the key of another CA, even with force', async () => {
    fs.mkdirSync(inOut('ca'), { recursive: true });
    write('ca/key.pem', 'other');
    expect(await ca.run('issue-server', 'dind', ...DIND, '--force')).toMatchObject({ exitCode: 1 });
  });

  test('is a layout of something', async () => {
    expect(await ca.run('issue-server', 'dind', '--layout', 'dind')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('add --out DIR'),
    });
  });
});
