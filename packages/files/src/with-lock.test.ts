import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import nodePath from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, test } from '@jest/globals';
import { makeFolder } from '../testing/folder.ts';
import { withLock } from './index.ts';

let folder: string;
let lock: string;

beforeEach(() => {
  folder = makeFolder();
  lock = nodePath.join(folder, 'lock');
});

const OPTIONS = { patienceMs: 60_000, forgottenAfterMs: 50, busy: () => new Error('busy') };
const content = (): string => fs.readFileSync(lock, 'utf8');

/** What another process does with the lock. */
function program(work: string): readonly string[] {
  const module = pathToFileURL(nodePath.resolve(import.meta.dirname, '../dist/index.js')).href;
  const text = `const { withLock } = await import(${JSON.stringify(module)});
    const fs = await import('node:fs');
    const [folder, lock] = ${JSON.stringify([folder, lock])};
    const options = { patienceMs: 60_000, forgottenAfterMs: 60_000, busy: () => new Error('busy') };
    const kill = () => process.kill(process.pid, 'SIGKILL');
    ${work}`;
  return ['--input-type=module', '-e', text];
}

test('gives back what the work returns, and leaves no lock, even if the work fails', () => {
  expect(withLock(lock, OPTIONS, () => content() !== '')).toBe(true);
  expect(() =>
    withLock(lock, OPTIONS, () => {
      throw new Error('work');
    }),
  ).toThrow('work');
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('a lock that a running process holds is waited for in vain, however old it looks', () => {
  withLock(lock, OPTIONS, () => {
    fs.utimesSync(lock, 0, 0);
    const held = content();
    expect(() => withLock(lock, { ...OPTIONS, patienceMs: 300 }, () => undefined)).toThrow('busy');
    expect(content()).toBe(held);
  });
});

test.each([
  [
    'another container, whose process has a number that is in use here',
    `1234x1-${process.pid}-1 0123456789abcdef\n`,
  ],
  ['an earlier release', `somewhere ${process.pid}\n`],
  ['nobody knows whom', ''],
])('a lock of %s is taken over when it has stayed the same for long, whatever its date', (_, text) => {
  fs.writeFileSync(lock, text);
  fs.utimesSync(lock, 0, 0);
  expect(() => withLock(lock, { ...OPTIONS, patienceMs: 0, forgottenAfterMs: 60_000 }, () => 0)).toThrow(
    'busy',
  );
  expect(content()).toBe(text);
  expect(withLock(lock, OPTIONS, () => 'done')).toBe('done');
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('a lock that another process has taken meanwhile is not removed', () => {
  withLock(lock, OPTIONS, () => fs.writeFileSync(lock, 'another'));
  expect(content()).toBe('another');
});

test('the lock of a killed process is taken over by one at a time', async () => {
  spawnSync(process.execPath, program('withLock(lock, options, kill)'));
  expect(content()).not.toBe('');
  const counting = program(`for (let n = 0; n < 20; n++) withLock(lock, options, () => {
    fs.mkdirSync(folder + '/at-work');
    fs.appendFileSync(folder + '/count', '.');
    fs.rmdirSync(folder + '/at-work');
  });`);
  const workers = [1, 2, 3, 4].map(() => spawn(process.execPath, counting, { stdio: 'inherit' }));
  const codes = await Promise.all(workers.map(async (worker) => (await once(worker, 'exit'))[0] as unknown));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(fs.readFileSync(nodePath.join(folder, 'count'), 'utf8')).toHaveLength(80);
  expect(fs.readdirSync(folder)).toEqual(['count']);
});

test('one who was killed while taking over a lock does not keep it from the next', () => {
  spawnSync(process.execPath, program('withLock(lock, options, kill)'));
  const id = / ([\da-f]{16})\n$/.exec(content())?.[1] ?? '';
  const right = `${lock}.${id}`;
  spawnSync(process.execPath, program(`withLock(${JSON.stringify(right)}, options, kill)`));
  expect(fs.readdirSync(folder)).toEqual(['lock', `lock.${id}`]);
  expect(withLock(lock, OPTIONS, () => 'done')).toBe('done');
  expect(fs.readdirSync(folder)).toEqual([]);
});
