import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { parseDaemonConfig } from '../document.ts';
import { planDaemonConfig } from '../plan.ts';
import type { DaemonConfigPlan } from '../plan.ts';
import { applyDaemonConfig } from './apply.ts';
import { readDaemonConfig } from './config-file.ts';
import { undoDaemonConfig } from './undo.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const LATER = new Date('2026-01-01T00:00:01Z');
const STAMP = '20260101T000000Z';
const OLD = '{"debug": true}\n';

let folder: string;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = nodePath.join(folder, 'daemon.json');
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

function plan(at: string = path, listen = '0.0.0.0:2376'): DaemonConfigPlan {
  const files = { ca: '/certs/ca.pem', certificate: '/certs/server-cert.pem', key: '/certs/server-key.pem' };
  const options = { listen: [listen], localSocket: 'fd://', files };
  return planDaemonConfig(parseDaemonConfig(readDaemonConfig(at), at), options);
}

function names(): readonly string[] {
  return fs.readdirSync(folder).toSorted();
}

function text(name = 'daemon.json'): string {
  return fs.readFileSync(nodePath.join(folder, name), 'utf8');
}

function modeOf(name: string): number {
  return fs.statSync(nodePath.join(folder, name)).mode & 0o777;
}

function refuse(): never {
  throw Object.assign(new Error('no links here'), { code: 'EPERM' });
}

test('an error names the file that was meant, not the one that it is made in', () => {
  const long = nodePath.join(folder, 'x'.repeat(245));
  expect(() => applyDaemonConfig(long, plan(long), { now: NOW })).toThrow(
    expect.objectContaining({ message: `cannot create ${long}.${STAMP}.undo.json: the name is too long` }),
  );
});

describe('applyDaemonConfig', () => {
  test('writes the file and keeps the old one beside it', () => {
    fs.writeFileSync(path, OLD);
    const planned = plan();
    const backup = `${path}.${STAMP}.bak`;
    expect(applyDaemonConfig(path, planned, { now: NOW })).toEqual({ path, written: true, backup });
    expect(text()).toBe(planned.after);
    expect(fs.readFileSync(backup, 'utf8')).toBe(OLD);
    expect(names()).toEqual(['daemon.json', `daemon.json.${STAMP}.bak`, `daemon.json.${STAMP}.undo.json`]);
  });

  test('makes a file and its folder where there are none', () => {
    const deep = nodePath.join(folder, 'etc', 'docker', 'daemon.json');
    expect(applyDaemonConfig(deep, plan(deep), { now: NOW })).toEqual({ path: deep, written: true });
    expect(fs.statSync(deep).mode & 0o777).toBe(0o644);
  });

  test('a backup holds the very bytes, byte order mark and line ends included', () => {
    const bytes = Buffer.from('\ufeff{"a": "ü"}\r\n');
    fs.writeFileSync(path, bytes);
    applyDaemonConfig(path, plan(), { now: NOW });
    expect(fs.readFileSync(`${path}.${STAMP}.bak`)).toEqual(bytes);
  });

  test('writes nothing when there is nothing to change', () => {
    applyDaemonConfig(path, plan(), { now: NOW });
    const before = names();
    const { ino, mtimeMs } = fs.statSync(path);
    expect(applyDaemonConfig(path, plan(), { now: LATER })).toEqual({ path, written: false });
    expect(names()).toEqual(before);
    expect(fs.statSync(path)).toMatchObject({ ino, mtimeMs });
  });

  test('a second change in the same second takes the place of no backup', () => {
    fs.writeFileSync(path, OLD);
    applyDaemonConfig(path, plan(), { now: NOW });
    const between = text();
    const { backup } = applyDaemonConfig(path, plan(path, '10.0.0.5:2376'), { now: NOW });
    expect(backup).toBe(`${path}.${STAMP}-1.bak`);
    expect(text(`daemon.json.${STAMP}.bak`)).toBe(OLD);
    expect(text(`daemon.json.${STAMP}-1.bak`)).toBe(between);
  });

  test('a file of that name that is not ours is not touched', () => {
    fs.writeFileSync(path, OLD);
    fs.writeFileSync(`${path}.${STAMP}.bak`, 'mine');
    expect(applyDaemonConfig(path, plan(), { now: NOW }).backup).toBe(`${path}.${STAMP}-1.bak`);
    expect(text(`daemon.json.${STAMP}.bak`)).toBe('mine');
  });

  test.each([0o600, 0o640, 0o664, 0o644])('keeps mode %o, of the file and of its backup', (mode) => {
    fs.writeFileSync(path, OLD);
    fs.chmodSync(path, mode);
    const umask = process.umask(0o077);
    applyDaemonConfig(path, plan(), { now: NOW });
    process.umask(umask);
    expect([modeOf('daemon.json'), modeOf(`daemon.json.${STAMP}.bak`)]).toEqual([mode, mode]);
  });

  test('keeps the owner, of the file and of its backup', () => {
    const isRoot = process.getuid?.() === 0;
    const owner = isRoot ? { uid: 1234, gid: 4321 } : { uid: os.userInfo().uid, gid: os.userInfo().gid };
    fs.writeFileSync(path, OLD);
    fs.chownSync(path, owner.uid, owner.gid);
    applyDaemonConfig(path, plan(), { now: NOW });
    expect(fs.statSync(path)).toMatchObject(owner);
    expect(fs.statSync(`${path}.${STAMP}.bak`)).toMatchObject(owner);
  });

  test('a link stays, and what it leads to is written, with the backup there', () => {
    fs.mkdirSync(nodePath.join(folder, 'real'));
    const real = nodePath.join(folder, 'real', 'engine.json');
    fs.writeFileSync(real, OLD);
    fs.symlinkSync('real/engine.json', path);
    const backup = `${real}.${STAMP}.bak`;
    expect(applyDaemonConfig(path, plan(), { now: NOW })).toEqual({ path: real, written: true, backup });
    expect(fs.readlinkSync(path)).toBe('real/engine.json');
    expect(undoDaemonConfig(path, { now: LATER })).toMatchObject({ path: real, outcome: 'restored' });
    expect(fs.readFileSync(real, 'utf8')).toBe(OLD);
    expect(fs.readlinkSync(path)).toBe('real/engine.json');
  });

  test.each([
    { name: 'an edit', meddle: () => fs.writeFileSync(path, '{"debug": false}\n') },
    { name: 'a removal', meddle: () => fs.rmSync(path) },
  ])('refuses when the file met $name since the plan, and leaves nothing', ({ meddle }) => {
    fs.writeFileSync(path, OLD);
    const planned = plan();
    meddle();
    const before = names();
    expect(() => applyDaemonConfig(path, planned, { now: NOW })).toThrow(
      expect.objectContaining({ code: 'DAEMON_CONFIG_CHANGED' }),
    );
    expect(names()).toEqual(before);
  });

  test('refuses when a file has appeared since the plan, empty though it be', () => {
    const planned = plan();
    fs.writeFileSync(path, '');
    expect(() => applyDaemonConfig(path, planned, { now: NOW })).toThrow(
      expect.objectContaining({ code: 'DAEMON_CONFIG_CHANGED' }),
    );
    expect(names()).toEqual(['daemon.json']);
  });

  test('refuses an edit that comes while the backup is being made', () => {
    fs.writeFileSync(path, OLD);
    const planned = plan();
    const link = fs.linkSync;
    jest.spyOn(fs, 'linkSync').mockImplementationOnce((from, to) => {
      link(from, to);
      fs.writeFileSync(path, 'theirs');
    });
    expect(() => applyDaemonConfig(path, planned, { now: NOW })).toThrow('changed by someone else');
    expect([names(), text()]).toEqual([['daemon.json'], 'theirs']);
  });

  test('a file system without hard links will do', () => {
    fs.writeFileSync(path, OLD);
    jest.spyOn(fs, 'linkSync').mockImplementationOnce(refuse).mockImplementationOnce(refuse);
    const { backup = '' } = applyDaemonConfig(path, plan(), { now: NOW });
    expect(fs.readFileSync(backup, 'utf8')).toBe(OLD);
    expect(undoDaemonConfig(path, { now: LATER }).outcome).toBe('restored');
  });

  test('an empty file is backed up as one', () => {
    fs.writeFileSync(path, '');
    const { backup = '' } = applyDaemonConfig(path, plan(), { now: NOW });
    expect(fs.readFileSync(backup, 'utf8')).toBe('');
    expect(undoDaemonConfig(path, { now: LATER }).outcome).toBe('restored');
    expect(text()).toBe('');
  });
});

describe('readDaemonConfig', () => {
  test.each([
    { name: 'a folder', code: 'FILE_NOT_REGULAR', make: () => fs.mkdirSync(path) },
    { name: 'a device', code: 'FILE_NOT_REGULAR', make: () => fs.symlinkSync('/dev/zero', path) },
    { name: 'a link to nowhere', code: 'FILE_NOT_FOUND', make: () => fs.symlinkSync('nowhere', path) },
    { name: 'a link to itself', code: 'FILE_NOT_REGULAR', make: () => fs.symlinkSync('daemon.json', path) },
    {
      name: 'a huge file',
      code: 'FILE_TOO_LARGE',
      make: () => fs.writeFileSync(path, Buffer.alloc(2 ** 20 + 1)),
    },
  ])('refuses $name', ({ code, make }) => {
    make();
    const refusal = expect.objectContaining({ code, hint: expect.any(String) });
    expect(() => readDaemonConfig(path)).toThrow(refusal);
  });

  test('no file, and no folder either, is no error', () => {
    expect(readDaemonConfig(path)).toBeUndefined();
    expect(readDaemonConfig(nodePath.join(folder, 'a', 'b', 'daemon.json'))).toBeUndefined();
  });
});

describe('undoDaemonConfig', () => {
  test('puts the old file back, byte for byte, and keeps what it undoes', () => {
    fs.writeFileSync(path, OLD, { mode: 0o640 });
    applyDaemonConfig(path, plan(), { now: NOW });
    const written = text();
    const setAside = `${path}.20260101T000001Z.undone`;
    const restored = `${path}.${STAMP}.bak`;
    expect(undoDaemonConfig(path, { now: LATER })).toEqual({ path, outcome: 'restored', restored, setAside });
    expect(text()).toBe(OLD);
    expect(modeOf('daemon.json')).toBe(0o640);
    expect(fs.readFileSync(setAside, 'utf8')).toBe(written);
  });

  test('goes one change further back each time, then says that there is nothing left', () => {
    applyDaemonConfig(path, plan(), { now: NOW });
    const first = text();
    applyDaemonConfig(path, plan(path, '10.0.0.5:2376'), { now: NOW });
    for (let n = 0; n < 12; n += 1) applyDaemonConfig(path, plan(path, `10.0.0.${n + 6}:2376`), { now: NOW });
    for (let n = 0; n < 13; n += 1) expect(undoDaemonConfig(path, { now: NOW }).outcome).toBe('restored');
    expect(text()).toBe(first);
    expect(undoDaemonConfig(path, { now: LATER })).toMatchObject({ outcome: 'removed' });
    expect(fs.existsSync(path)).toBe(false);
    expect(() => undoDaemonConfig(path, { now: LATER })).toThrow(
      expect.objectContaining({ code: 'DAEMON_CONFIG_NOTHING_TO_UNDO', hint: expect.any(String) }),
    );
  });

  test('order is that of the changes even when the clock went back', () => {
    fs.writeFileSync(path, OLD);
    applyDaemonConfig(path, plan(), { now: LATER });
    const first = text();
    applyDaemonConfig(path, plan(path, '10.0.0.5:2376'), { now: NOW });
    undoDaemonConfig(path, { now: NOW });
    expect(text()).toBe(first);
  });

  test('a change comes after every earlier one, though numbers before it are free', () => {
    fs.writeFileSync(path, OLD);
    const record = JSON.stringify({ backup: null, wrote: 'a'.repeat(64) });
    fs.writeFileSync(`${path}.${STAMP}-9.undo.json`, record);
    expect(applyDaemonConfig(path, plan(), { now: NOW }).backup).toBe(`${path}.${STAMP}-10.bak`);
    expect(undoDaemonConfig(path, { now: NOW }).outcome).toBe('restored');
  });

  test('refuses when somebody edited the file since, unless forced', () => {
    fs.writeFileSync(path, OLD);
    applyDaemonConfig(path, plan(), { now: NOW });
    fs.appendFileSync(path, '\n');
    const edited = text();
    const before = names();
    expect(() => undoDaemonConfig(path, { now: LATER })).toThrow(
      expect.objectContaining({ code: 'DAEMON_CONFIG_EDITED', hint: expect.stringContaining('--force') }),
    );
    expect([text(), names()]).toEqual([edited, before]);
    const { setAside = '' } = undoDaemonConfig(path, { now: LATER, force: true });
    expect([text(), fs.readFileSync(setAside, 'utf8')]).toEqual([OLD, edited]);
  });

  test('puts the old file back when ours was removed, but only when forced', () => {
    fs.writeFileSync(path, OLD);
    applyDaemonConfig(path, plan(), { now: NOW });
    fs.rmSync(path);
    expect(() => undoDaemonConfig(path, { now: LATER })).toThrow(
      expect.objectContaining({ code: 'DAEMON_CONFIG_EDITED' }),
    );
    undoDaemonConfig(path, { now: LATER, force: true });
    expect(text()).toBe(OLD);
  });

  test('an old state that somebody put back by hand is left alone, and its record is done with', () => {
    fs.writeFileSync(path, OLD);
    applyDaemonConfig(path, plan(), { now: NOW });
    fs.writeFileSync(path, OLD);
    expect(undoDaemonConfig(path, { now: LATER })).toMatchObject({ outcome: 'already' });
    expect(() => undoDaemonConfig(path, { now: LATER })).toThrow('has no change of');
  });

  test.each([
    { name: 'no JSON', record: '{' },
    { name: 'another file', record: JSON.stringify({ backup: 'other/shadow', wrote: 'a'.repeat(64) }) },
    { name: 'no hash', record: JSON.stringify({ backup: null }) },
    { name: 'null', record: 'null' },
  ])('refuses a record that holds $name', ({ record }) => {
    fs.writeFileSync(path, OLD);
    fs.writeFileSync(`${path}.${STAMP}.undo.json`, record);
    fs.mkdirSync(nodePath.join(folder, 'other'));
    fs.writeFileSync(nodePath.join(folder, 'other/shadow'), "somebody else's");
    expect(() => undoDaemonConfig(path, { now: LATER, force: true })).toThrow(
      expect.objectContaining({
        code: 'DAEMON_CONFIG_UNDO_BROKEN',
        message: expect.stringContaining('was not written by docker-mtls'),
        hint: expect.any(String),
      }),
    );
    expect(text()).toBe(OLD);
  });

  test('says so when the backup is gone', () => {
    fs.writeFileSync(path, OLD);
    const { backup = '' } = applyDaemonConfig(path, plan(), { now: NOW });
    fs.rmSync(backup);
    expect(() => undoDaemonConfig(path, { now: LATER })).toThrow(
      expect.objectContaining({
        code: 'DAEMON_CONFIG_UNDO_BROKEN',
        message: expect.stringContaining('.bak'),
      }),
    );
  });

  test('where no folder is, nothing is to be undone', () => {
    expect(() => undoDaemonConfig(nodePath.join(folder, 'x', 'daemon.json'), { now: NOW })).toThrow(
      'has no change of',
    );
  });
});
