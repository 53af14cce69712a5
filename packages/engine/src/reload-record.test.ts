import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { onCleanup } from '../../../test/support/cleanup.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { engineStarts } from './engine-starts.ts';
import { isAsRead, reloadRecorder } from './reload-record.ts';

type Read = { readonly config: string; readonly record: string };

/** A process that is called dockerd and names the file stands in for an engine that reads it. */
async function readByAnEngine(): Promise<Read> {
  const folder = temporaryFolder();
  const program = path.join(folder, 'dockerd');
  fs.copyFileSync('/bin/sleep', program);
  fs.chmodSync(program, 0o755);
  const config = path.join(folder, 'daemon.json');
  fs.writeFileSync(config, '{}');
  // The start of a process is known to some hundredths of a second.
  await sleep(100);
  const child = spawn(program, ['600'], { argv0: `--config-file=${config}`, stdio: 'ignore' });
  onCleanup(() => void child.kill());
  await eventually(() => expect(engineStarts(config)).toHaveLength(1));
  return { config, record: path.join(folder, 'reloaded.json') };
}

/** Changes the file; what is returned is called after the reload. */
async function changeToReload({ config, record }: Read, meanwhile = false): Promise<() => void> {
  const hasChanged = reloadRecorder(config, record);
  await change(config);
  const isReloaded = hasChanged();
  if (meanwhile) await change(config);
  return isReloaded;
}

/** Well after the start, which the kernel tells in hundredths of a second. */
async function change(config: string): Promise<void> {
  const [start = 0] = engineStarts(config);
  const earliest = Math.max(start + 500, fs.statSync(config).ctimeMs);
  await eventually(() => {
    fs.writeFileSync(config, '{"debug": false}');
    expect(fs.statSync(config).ctimeMs).toBeGreaterThan(earliest);
  });
}

test('a daemon.json that changed after the start of its engine is as read once a reload is on record', async () => {
  const { config, record } = await readByAnEngine();
  const isReloaded = await changeToReload({ config, record });
  expect(isAsRead(config, record)).toBe(false);
  isReloaded();
  expect(isAsRead(config, record)).toBe(true);
  await change(config);
  expect(isAsRead(config, record)).toBe(false);
});

test('what was changed while the engine was told to read the file is not on record as read', async () => {
  const { config, record } = await readByAnEngine();
  const isReloaded = await changeToReload({ config, record }, true);
  isReloaded();
  expect(isAsRead(config, record)).toBe(false);
});

test('what the engine had not read before is not on record as read after a reload', async () => {
  const { config, record } = await readByAnEngine();
  await change(config);
  const isReloaded = await changeToReload({ config, record });
  isReloaded();
  expect(isAsRead(config, record)).toBe(false);
});

test.each(['', '[]', 'null', '7', '{"a"', '\u0000'])(
  'a record that holds %j counts for nothing',
  async (text) => {
    const { config, record } = await readByAnEngine();
    const isReloaded = await changeToReload({ config, record });
    fs.writeFileSync(record, text);
    expect(isAsRead(config, record)).toBe(false);
    isReloaded();
    expect(isAsRead(config, record)).toBe(true);
  },
);
