import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { belongsTo, removeAddedFolders, restoreSnapshot, sweepPartialsOf, takeSnapshot } from './snapshot.ts';

let folder: string;
let config: string;
beforeEach(() => {
  folder = temporaryFolder();
  config = path.join(folder, 'daemon.json');
});

test('puts bytes, mode and the files beside it back', () => {
  const [bytes, record] = [
    Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
    `${config}.20260101T000000Z.undo.json`,
  ];
  fs.writeFileSync(config, bytes, { mode: 0o640 });
  fs.writeFileSync(record, 'record');
  const snapshot = takeSnapshot(config, [config]);
  fs.rmSync(record);
  fs.rmSync(config);
  fs.writeFileSync(config, 'new', { mode: 0o600 });
  fs.writeFileSync(`${config}.20260102T000000Z.bak`, 'added');
  fs.writeFileSync(path.join(folder, 'other'), 'stays');
  restoreSnapshot(snapshot);
  expect(fs.readFileSync(config)).toEqual(bytes);
  expect(fs.statSync(config).mode & 0o777).toBe(0o640);
  expect(fs.readdirSync(folder).toSorted()).toEqual(['daemon.json', path.basename(record), 'other']);
});

test('leaves alone what is as it was', () => {
  fs.writeFileSync(config, 'same');
  const { ino } = fs.statSync(config);
  restoreSnapshot(takeSnapshot(config, [config]));
  expect(fs.statSync(config).ino).toBe(ino);
});

test('takes away what was made, and the folders for it', () => {
  const deep = path.join(folder, 'a', 'b', 'x.conf');
  const snapshot = takeSnapshot(config, [deep, config]);
  fs.mkdirSync(path.dirname(deep), { recursive: true });
  for (const file of [deep, config]) fs.writeFileSync(file, 'new');
  restoreSnapshot(snapshot);
  removeAddedFolders(snapshot);
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('keeps a folder that somebody else uses meanwhile', () => {
  const snapshot = takeSnapshot(config, [path.join(folder, 'a', 'x.conf')]);
  fs.mkdirSync(path.join(folder, 'a'));
  fs.writeFileSync(path.join(folder, 'a', 'theirs'), '');
  removeAddedFolders(snapshot);
  expect(fs.readdirSync(path.join(folder, 'a'))).toEqual(['theirs']);
});

test.each([
  ['/etc/docker/daemon.json', true],
  ['/etc/docker/daemon.json.20260101T000000Z.bak', true],
  ['/etc/docker/daemon.json.20260101T000000Z-1.undo.json', true],
  ['/etc/docker/daemon.json.bak', false],
  ['/etc/docker/daemon.json/../../passwd', false],
  ['/etc/passwd', false],
])('%s is ours: %s', (file, expected) => {
  expect(belongsTo('/etc/docker/daemon.json', file)).toBe(expected);
});

test('sweeps what a killed process has half written, and nothing else', () => {
  const [left, other] = ['daemon.json', 'other'].map((name) => `.${name}.${'0'.repeat(32)}.0-7-1.partial`);
  for (const name of [`${left}`, `${other}`, 'daemon.json']) fs.writeFileSync(path.join(folder, name), '');
  sweepPartialsOf([config, path.join(folder, 'missing', 'x.conf')]);
  expect(fs.readdirSync(folder).toSorted()).toEqual([other, 'daemon.json']);
});

test('puts a file back whose folder is gone', () => {
  const deep = path.join(folder, 'a', 'x.conf');
  fs.mkdirSync(path.dirname(deep));
  fs.writeFileSync(deep, 'old');
  const snapshot = takeSnapshot(config, [deep]);
  fs.rmSync(path.dirname(deep), { recursive: true });
  restoreSnapshot(snapshot);
  expect(fs.readFileSync(deep, 'utf8')).toBe('old');
});

test('goes back the way it came: what was written first stays until all that came later is back', () => {
  const dropIn = path.join(folder, 'x.conf');
  fs.writeFileSync(config, 'old');
  const snapshot = takeSnapshot(config, [dropIn, config]);
  fs.writeFileSync(dropIn, 'new');
  fs.rmSync(config);
  fs.mkdirSync(config);
  expect(() => restoreSnapshot(snapshot)).toThrow(expect.objectContaining({ code: 'FILE_NOT_REGULAR' }));
  expect(fs.readFileSync(dropIn, 'utf8')).toBe('new');
});
