import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import nodePath from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { makeFolder } from '../../testing/folder.ts';
import { publishGeneration, readGeneration, stageGeneration, cancelGeneration } from '../index.ts';

const NAMES = ['key.pem', 'ca.pem', 'cert.pem'];
let folder: string;

beforeEach(() => {
  folder = makeFolder();
});

afterEach(() => {
  jest.restoreAllMocks();
});

const at = (name: string): string => nodePath.join(folder, name);
const files = (content: string, names = NAMES): { name: string; data: string; mode: number }[] =>
  names.map((name) => ({ name, data: `${content} ${name}`, mode: name === 'key.pem' ? 0o600 : 0o644 }));
const publish = (content: string, names = NAMES): void =>
  publishGeneration(folder, NAMES, files(content, names));
const visible = (): string[] => fs.readdirSync(folder).filter((name) => !name.startsWith('.'));
const generations = (): string[] => fs.readdirSync(folder).filter((name) => name.startsWith('.gen-'));
const contents = (): string[] =>
  visible().map((name) => fs.readFileSync(at(name), 'utf8').split(' ')[0] ?? '');

function writePlain(content: string): void {
  for (const { name, data, mode } of files(content)) fs.writeFileSync(at(name), data, { mode });
}

describe('a published folder', () => {
  test('has each file at its path, with its mode, whatever the umask', () => {
    const umask = process.umask(0);
    publish('one');
    process.umask(umask);
    expect(contents()).toEqual(['one', 'one', 'one']);
    const modes = NAMES.map((name) => (fs.statSync(at(name)).mode & 0o777).toString(8));
    expect(modes).toEqual(['600', '644', '644']);
    expect(fs.readdirSync(folder).filter((name) => /^\.(?:next|link)/u.test(name))).toEqual([]);
  });

  test('keeps the generation before, and no more', () => {
    for (const content of ['one', 'two', 'three']) publish(content);
    expect(contents()).toEqual(['three', 'three', 'three']);
    const kept = generations().map((name) => fs.readFileSync(at(`${name}/key.pem`), 'utf8'));
    expect(kept.toSorted()).toEqual(['three key.pem', 'two key.pem']);
  });

  test('has no path for a file that the newest generation lacks, and has it again later', () => {
    publish('one');
    publish('two', ['ca.pem', 'cert.pem']);
    expect(visible()).toEqual(['ca.pem', 'cert.pem']);
    publish('three');
    expect(contents()).toEqual(['three', 'three', 'three']);
  });

  test('lets others read what the folder lets them read', () => {
    fs.chmodSync(folder, 0o755);
    publish('one');
    expect((fs.statSync(at('.current')).mode & 0o777).toString(8)).toBe('755');
  });

  test('that is no folder, but a link to one, is refused', () => {
    fs.symlinkSync(folder, at('link'));
    expect(() => publishGeneration(at('link'), NAMES, files('one'))).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_REGULAR' }),
    );
    expect(fs.readdirSync(folder)).toEqual(['link']);
  });
});

describe('plain files', () => {
  test('become links, with what they held as the generation before', () => {
    writePlain('old');
    publish('new');
    expect(contents()).toEqual(['new', 'new', 'new']);
    expect(generations()).toHaveLength(2);
    expect(NAMES.filter((name) => !fs.lstatSync(at(name)).isSymbolicLink())).toEqual([]);
  });

  test('exist at every step, and hold the old content until the new one is in force', () => {
    writePlain('old');
    const seen = new Set<string>();
    for (const method of ['renameSync', 'symlinkSync', 'unlinkSync', 'rmSync'] as const) {
      const real = fs[method] as (...words: unknown[]) => unknown;
      jest.spyOn(fs, method as 'rmSync').mockImplementation((...words: unknown[]) => {
        const result = real(...words);
        seen.add(contents().join(' '));
        return result as undefined;
      });
    }
    publish('new');
    jest.restoreAllMocks();
    expect([...seen]).toEqual(['old old old', 'new new new']);
  });

  test('that somebody has put in the place of links are kept as the generation before', () => {
    publish('one');
    fs.rmSync(at('key.pem'));
    fs.writeFileSync(at('key.pem'), 'mine', { mode: 0o600 });
    expect(readGeneration(folder, ['key.pem'])[0]?.toString()).toBe('mine');
    publish('two');
    const kept = generations().map((name) => fs.readFileSync(at(`${name}/key.pem`), 'utf8'));
    expect(kept.toSorted()).toEqual(['mine', 'two key.pem']);
  });

  test('of a copy that followed the links are published again, without a third key', () => {
    publish('one');
    const copy = nodePath.join(makeFolder(), 'copy');
    fs.cpSync(folder, copy, { recursive: true, dereference: true });
    fs.rmSync(folder, { recursive: true });
    fs.renameSync(copy, folder);
    publish('two');
    expect(contents()).toEqual(['two', 'two', 'two']);
    expect(fs.lstatSync(at('.current')).isSymbolicLink()).toBe(true);
    expect(generations()).toHaveLength(2);
  });
});

test('a generation that is cancelled leaves the folder as it was', () => {
  publish('one');
  const before = fs.readdirSync(folder);
  stageGeneration({ directory: folder, id: 'ab', names: NAMES, files: files('two') });
  expect(contents()).toEqual(['one', 'one', 'one']);
  cancelGeneration({ directory: folder, names: NAMES });
  expect(fs.readdirSync(folder)).toEqual(before);
});

test('a first generation that is cancelled leaves only what else is in the folder', () => {
  stageGeneration({ directory: folder, id: 'ab', names: NAMES, files: files('one') });
  fs.writeFileSync(at('notes'), 'mine');
  cancelGeneration({ directory: folder, names: NAMES });
  expect(fs.readdirSync(folder)).toEqual(['notes']);
  fs.rmSync(at('notes'));
  stageGeneration({ directory: folder, id: 'ab', names: NAMES, files: files('one') });
  cancelGeneration({ directory: folder, names: NAMES });
  expect(fs.existsSync(folder)).toBe(false);
});

test('a failure before the switch changes nothing', () => {
  publish('one');
  const before = fs.readdirSync(folder);
  const broken = [...files('two'), { name: 'x'.repeat(256), data: '', mode: 0o600 }];
  expect(() => publishGeneration(folder, NAMES, broken)).toThrow(
    expect.objectContaining({ code: 'FILE_UNUSABLE' }),
  );
  expect(fs.readdirSync(folder)).toEqual(before);
  expect(contents()).toEqual(['one', 'one', 'one']);
});

/** Stands in for a file system without links, which a test cannot mount everywhere: FAT refuses them with EPERM. */
test('where there are no links, the files are replaced one by one', () => {
  jest.spyOn(fs, 'symlinkSync').mockImplementation(() => {
    throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' });
  });
  publish('one');
  publish('two');
  expect(contents()).toEqual(['two', 'two', 'two']);
  expect(fs.readdirSync(folder).toSorted()).toEqual(NAMES.toSorted());
});

describe('a reader', () => {
  test('finds all files of one generation while others are published', async () => {
    publish('0');
    const module = pathToFileURL(nodePath.resolve(import.meta.dirname, '../../dist/index.js')).href;
    const script = `const { publishGeneration } = await import(${JSON.stringify(module)});
      for (let n = 1; n <= 120; n++) publishGeneration(${JSON.stringify(folder)}, ${JSON.stringify(NAMES)},
        ${JSON.stringify(NAMES)}.map((name) => ({ name, data: n + ' ' + name, mode: 0o600 })));`;
    const writer = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    const ended = once(writer, 'exit');
    const seen = new Set<string>();
    const mixed: string[] = [];
    while (writer.exitCode === null) {
      const numbers = readGeneration(folder, NAMES).map((data) => String(data).split(' ')[0]);
      seen.add(numbers.join(' '));
      if (new Set(numbers).size !== 1) mixed.push(numbers.join(' '));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await ended).toEqual([0, null]);
    expect(mixed).toEqual([]);
    expect(seen.size).toBeGreaterThan(10);
  });
});
