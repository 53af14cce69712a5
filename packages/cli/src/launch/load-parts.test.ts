import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import type { CodeCache } from './code-cache.ts';
import { partLoader } from './load-parts.ts';

/** Enough to be worth keeping. */
const PADDING = `/*${'x'.repeat(5000)}*/`;

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
});

function part(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `(function(exports,require,module,__filename,__dirname){${text}\n})`);
  return file;
}

function memory(): CodeCache & { readonly kept: Map<string, Buffer> } {
  const kept = new Map<string, Buffer>();
  return {
    kept,
    read: (name) => kept.get(name),
    write: (name, _source, code) => void kept.set(name, code),
  };
}

function load(file: string, cache: CodeCache = memory()): unknown {
  return partLoader(cache, 'list').load(file);
}

test('parts ask for each other, each of which runs once', () => {
  const main = part('main.cjs', `exports.all = [require('./lib/a.cjs'), require('./lib/b.cjs')];`);
  part('lib/a.cjs', `exports.count = require('./b.cjs').count++;`);
  part('lib/b.cjs', `exports.count = 1;`);
  expect(load(main)).toEqual({ all: [{ count: 1 }, { count: 2 }] });
});

test('parts may replace what they export, and know where they are', () => {
  expect(load(part('main.cjs', 'module.exports = [__filename, __dirname];'))).toEqual([
    path.join(folder, 'main.cjs'),
    folder,
  ]);
});

test('parts that ask for each other in a circle get what there is', () => {
  part('a.cjs', `exports.early = 1; exports.seen = { ...require('./b.cjs') }; exports.late = 2;`);
  part('b.cjs', `exports.a = { ...require('./a.cjs') };`);
  expect(load(path.join(folder, 'a.cjs'))).toEqual({ early: 1, seen: { a: { early: 1 } }, late: 2 });
});

test('parts get what is in Node, and nothing else', () => {
  expect(load(part('main.cjs', `exports.same = require('node:path') === require('path');`))).toEqual({
    same: true,
  });
  expect(() => load(part('other.cjs', `require('left-pad')`))).toThrow('left-pad, which is not in Node');
});

test('a part that throws says where', () => {
  expect(() => load(part('main.cjs', 'throw new Error(__filename)'))).toThrow('main.cjs');
});

test('what was kept is run, and not made again', () => {
  const cache = memory();
  const first = partLoader(cache, 'list');
  first.load(part('main.cjs', `module.exports = 'one';${PADDING}`));
  first.keep();
  expect([...cache.kept.keys()]).toEqual([`main.list.${process.version}-${process.arch}`]);
  // Of the same length: V8 does not see the difference, which is why the cache itself must.
  const second = partLoader(cache, 'list');
  expect(second.load(part('main.cjs', `module.exports = 'two';${PADDING}`))).toBe('one');
  cache.kept.clear();
  second.keep();
  expect(cache.kept.size).toBe(0);
});

test('what another version of V8 has made is not run, and gives way', () => {
  const cache = memory();
  const foreign: CodeCache = { ...cache, read: () => Buffer.alloc(1000, 1) };
  const loader = partLoader(foreign, 'list');
  expect(loader.load(part('main.cjs', `module.exports = 'one';${PADDING}`))).toBe('one');
  loader.keep();
  expect(cache.kept.size).toBe(1);
});

test('each command has its own, and small parts are not kept', () => {
  const cache = memory();
  const main = part('main.cjs', `require('./small.cjs');${PADDING}`);
  part('small.cjs', '');
  for (const command of ['list', 'show']) {
    const loader = partLoader(cache, command);
    loader.load(main);
    loader.keep();
  }
  expect([...cache.kept.keys()].map((name) => name.split('.', 2).join('.'))).toEqual([
    'main.list',
    'main.show',
  ]);
});
