import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { withHostLock } from './lock.ts';

type Options = Parameters<typeof withHostLock>[1];

let file: string;
let quiet: Options;
beforeEach(() => {
  file = path.join(temporaryFolder(), 'lock');
  quiet = { onWait: () => undefined, file };
});

test('one waits for the other, and says so once', async () => {
  const order: string[] = [];
  const first = withHostLock(async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    order.push('first');
  }, quiet);
  const second = withHostLock(async () => void order.push('second'), {
    ...quiet,
    onWait: () => void order.push('waits'),
  });
  await Promise.all([first, second]);
  expect(order).toEqual(['waits', 'first', 'second']);
});

test('gives up after a while', async () => {
  await withHostLock(async () => {
    const second = withHostLock(async () => undefined, { ...quiet, patienceMs: 100 });
    await expect(second).rejects.toMatchObject({ code: 'HOST_BUSY' });
  }, quiet);
});

test('waits on when the clock is set to a later time', async () => {
  const clock = jest.spyOn(Date, 'now');
  const first = withHostLock(() => new Promise((resolve) => setTimeout(resolve, 500)), quiet);
  const later = Date.now() + 24 * 60 * 60 * 1000;
  const onWait = (): void => void clock.mockReturnValue(later);
  expect(await withHostLock(async () => 'taken', { ...quiet, onWait })).toBe('taken');
  clock.mockRestore();
  await first;
});

test('is free again after a failure', async () => {
  await expect(withHostLock(() => Promise.reject(new Error('x')), quiet)).rejects.toThrow('x');
  expect(await withHostLock(async () => 1, quiet)).toBe(1);
});

test('is free again when its owner is killed', async () => {
  const script = 'flock 3; echo locked; exec sleep 60';
  const lock = fs.openSync(file, 'w');
  const owner = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit', lock] });
  fs.closeSync(lock);
  await once(owner.stdout ?? owner, 'data');
  let waited = false;
  const work = withHostLock(async () => owner.signalCode, {
    ...quiet,
    onWait: () => {
      waited = true;
      owner.kill('SIGKILL');
    },
  });
  expect(await work).toBe('SIGKILL');
  expect(waited).toBe(true);
});

test('is not handed on to the programs that run meanwhile', async () => {
  const child = await withHostLock(async () => spawn('sleep', ['60'], { stdio: 'ignore' }), quiet);
  try {
    expect(await withHostLock(async () => 1, { ...quiet, patienceMs: 1_000 })).toBe(1);
  } finally {
    child.kill('SIGKILL');
  }
});

test('is a file that only its owner may open', async () => {
  const old = process.umask(0);
  try {
    await withHostLock(async () => undefined, quiet);
  } finally {
    process.umask(old);
  }
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
});

test('follows no link', async () => {
  fs.symlinkSync('/etc/passwd', file);
  await expect(withHostLock(async () => 1, quiet)).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR' });
});

test('says that flock is missing, and does no work without a lock', async () => {
  let isDone = false;
  const work = withHostLock(async () => void (isDone = true), { ...quiet, flock: `${file}-none` });
  await expect(work).rejects.toMatchObject({
    code: 'HOST_LOCK',
    hint: expect.stringContaining('util-linux'),
  });
  expect(isDone).toBe(false);
});
