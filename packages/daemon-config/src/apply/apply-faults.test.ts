import fs from 'node:fs';
import nodePath from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { hasCode } from '@docker-mtls/errors';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { parseDaemonConfig } from '../document.ts';
import { planDaemonConfig } from '../plan.ts';
import { applyDaemonConfig } from './apply.ts';
import { readDaemonConfig } from './config-file.ts';
import { undoDaemonConfig } from './undo.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const LATER = new Date('2026-01-01T00:00:05Z');
const OLD = '{"debug": true}\n';
const FILES = { ca: '/certs/ca.pem', certificate: '/certs/server-cert.pem', key: '/certs/server-key.pem' };

const CHANGING = [
  'openSync',
  'writeFileSync',
  'fsyncSync',
  'fchmodSync',
  'linkSync',
  'renameSync',
  'mkdirSync',
] as const;
const CALLS = [
  ...CHANGING,
  'readFileSync',
  'closeSync',
  'fstatSync',
  'statSync',
  'lstatSync',
  'realpathSync',
  'readdirSync',
  'existsSync',
  'rmSync',
  'rmdirSync',
] as const;
type Call = (typeof CALLS)[number];

class Killed extends Error {}

/** Did a call meet its fate, and what came of it? */
type Outcome = { readonly struck: boolean; readonly thrown?: { readonly code?: string } };

/** Runs a step whose n-th file-system call is its last: that one and all later ones do not happen any more. */
function killedAt(n: number, step: () => void): Outcome {
  let count = 0;
  return intercepted(CALLS, step, (name, args) => {
    count += 1;
    if (count === n && name === 'writeFileSync') writeHalf(args);
    if (count >= n && name !== 'closeSync') throw new Killed();
  });
}

/** Runs a step whose n-th changing call fails, and no other. */
function failingAt(n: number, code: string, step: () => void): Outcome {
  let count = 0;
  return intercepted(CHANGING, step, (name, args) => {
    if (name === 'openSync' && args[1] !== 'wx') return;
    count += 1;
    if (count === n) throw Object.assign(new Error(code), { code });
  });
}

function intercepted(
  calls: readonly Call[],
  step: () => void,
  before: (name: Call, args: readonly unknown[]) => void,
): Outcome {
  let struck = false;
  for (const name of calls) {
    const real = fs[name] as (...args: unknown[]) => unknown;
    jest.spyOn(fs as Record<Call, (...args: unknown[]) => unknown>, name).mockImplementation((...args) => {
      try {
        before(name, args);
      } catch (error) {
        struck = true;
        throw error;
      }
      return real(...args);
    });
  }
  try {
    step();
    return { struck };
  } catch (error) {
    if (!struck) throw error;
    return { struck, thrown: error as { code?: string } };
  } finally {
    jest.restoreAllMocks();
  }
}

const realWrite = fs.writeFileSync;

function writeHalf([file, data]: readonly unknown[]): void {
  const text = String(data);
  realWrite(file as number, text.slice(0, text.length / 2));
}

let folder = '';

type Scene = { readonly path: string; readonly old: string | undefined };

function scene(old: string | undefined): Scene {
  fs.rmSync(folder, { recursive: true, force: true });
  folder = temporaryFolder();
  if (old === undefined) return { path: nodePath.join(folder, 'docker', 'daemon.json'), old };
  const path = nodePath.join(folder, 'daemon.json');
  fs.writeFileSync(path, old);
  return { path, old };
}

function plan(path: string, listen: string): ReturnType<typeof planDaemonConfig> {
  const options = { listen: [listen], localSocket: 'fd://', files: FILES };
  return planDaemonConfig(parseDaemonConfig(readDaemonConfig(path), path), options);
}

function apply(path: string, listen = '0.0.0.0:2376', now = NOW): void {
  applyDaemonConfig(path, plan(path, listen), { now });
}

function undone(old: string | undefined): string {
  return old === undefined ? 'removed' : 'restored';
}

function read(path: string): string | undefined {
  return fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : undefined;
}

function undoIfAny(path: string): string {
  try {
    return undoDaemonConfig(path, { now: LATER }).outcome;
  } catch (error) {
    if (hasCode(error, 'DAEMON_CONFIG_NOTHING_TO_UNDO')) return 'nothing';
    throw error;
  }
}

/** Everything under the folder but an undo's or apply's partial file: names, contents, modes. */
function snapshot(): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const stats = fs.statSync(nodePath.join(folder, name));
      const content = stats.isFile() ? fs.readFileSync(nodePath.join(folder, name), 'utf8') : '';
      return `${name} ${stats.mode.toString(8)} ${content}`;
    });
}

function backups(path: string): readonly string[] {
  const beside = nodePath.dirname(path);
  if (!fs.existsSync(beside)) return [];
  return fs
    .readdirSync(beside)
    .filter((name) => name.endsWith('.bak') || name.endsWith('.undone'))
    .map((name) => fs.readFileSync(nodePath.join(beside, name), 'utf8'));
}

const OLDS = [
  { name: 'over a file', old: OLD },
  { name: 'where there was none', old: undefined },
];

describe.each(OLDS)('an apply $name', ({ old }) => {
  test('killed at any call leaves the old file or the new one, and an undo that works', () => {
    let n = 1;
    for (; ; n += 1) {
      const { path } = scene(old);
      const planned = plan(path, '0.0.0.0:2376');
      const { struck } = killedAt(n, () => applyDaemonConfig(path, planned, { now: NOW }));
      const now = read(path);
      expect([old, planned.after]).toContain(now);
      for (const text of backups(path)) expect(text).toBe(old);
      const outcome = undoIfAny(path);
      expect(read(path)).toBe(old);
      const expected = now === planned.after ? [undone(old)] : ['already', 'nothing'];
      expect(expected).toContain(outcome);
      if (!struck) break;
    }
    expect(n).toBeGreaterThan(30);
  });

  test('killed at any call can be repeated, and undone in one step', () => {
    for (let n = 1; ; n += 1) {
      const { path } = scene(old);
      const planned = plan(path, '0.0.0.0:2376');
      const { struck } = killedAt(n, () => applyDaemonConfig(path, planned, { now: NOW }));
      apply(path, '0.0.0.0:2376', LATER);
      expect(read(path)).toBe(planned.after);
      expect(fs.readdirSync(nodePath.dirname(path)).join()).not.toContain('.partial');
      expect(undoIfAny(path)).toBe(undone(old));
      expect(read(path)).toBe(old);
      expect(undoIfAny(path)).toBe('nothing');
      if (!struck) break;
    }
  });

  test.each([
    { error: 'ENOSPC', code: 'FILE_NO_SPACE' },
    { error: 'EROFS', code: 'FILE_READ_ONLY' },
    { error: 'EACCES', code: 'FILE_NOT_PERMITTED' },
  ])('that meets $error at any call says so and leaves everything as it was', ({ error, code }) => {
    for (let n = 1; ; n += 1) {
      const { path } = scene(old);
      const planned = plan(path, '0.0.0.0:2376');
      const before = snapshot();
      const { struck, thrown } = failingAt(n, error, () => applyDaemonConfig(path, planned, { now: NOW }));
      expect([undefined, code]).toContain(thrown?.code);
      // Once it has its name, the new file stays, with its undo: only its folder's sync can still fail.
      const isNew = read(path) === planned.after;
      expect(isNew ? before : snapshot()).toEqual(before);
      expect(undoIfAny(path)).toBe(isNew ? undone(old) : 'nothing');
      expect(read(path)).toBe(old);
      if (!struck) break;
    }
  });
});

describe.each(OLDS)('an undo $name', ({ old }) => {
  test('killed at any call leaves the old file or the new one, and can be repeated', () => {
    let n = 1;
    for (; ; n += 1) {
      const { path } = scene(old);
      apply(path);
      const written = read(path);
      const { struck } = killedAt(n, () => undoDaemonConfig(path, { now: LATER }));
      expect([old, written]).toContain(read(path));
      for (const text of backups(path)) expect([old, written]).toContain(text);
      undoIfAny(path);
      expect(read(path)).toBe(old);
      expect(undoIfAny(path)).toBe('nothing');
      if (!struck) break;
    }
    expect(n).toBeGreaterThan(20);
  });

  test('killed and repeated goes back one change, not two, while its record is there', () => {
    for (let n = 1; ; n += 1) {
      const { path } = scene(old);
      apply(path);
      const between = read(path);
      apply(path, '10.0.0.5:2376');
      const { struck } = killedAt(n, () => undoDaemonConfig(path, { now: LATER }));
      const records = fs.readdirSync(nodePath.dirname(path)).filter((name) => name.endsWith('.undo.json'));
      if (records.length === 2) undoIfAny(path);
      expect(read(path)).toBe(between);
      if (!struck) break;
    }
  });

  test('that meets a full disk says so, and the file is the old one or the new one', () => {
    for (let n = 1; ; n += 1) {
      const { path } = scene(old);
      apply(path);
      const written = read(path);
      const before = snapshot();
      const { struck, thrown } = failingAt(n, 'ENOSPC', () => undoDaemonConfig(path, { now: LATER }));
      expect([undefined, 'FILE_NO_SPACE']).toContain(thrown?.code);
      expect(read(path) === written ? snapshot() : before).toEqual(before);
      undoIfAny(path);
      expect(read(path)).toBe(old);
      if (!struck) break;
    }
  });
});
