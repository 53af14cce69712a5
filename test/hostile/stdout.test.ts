import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { append, GENESIS } from '@docker-mtls/audit';
import { expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';
import { BUNDLE } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { temporaryFolder } from '../support/temp.ts';

const FULL = '/dev/full';
const WRITE_STREAM = path.join(REPOSITORY, 'packages/cli/dist/io/write-stream.js');

describeNeeding(['/dev/full'], 'a result that cannot be written', () => {
  test('is a failure, said in a line and a hint', () => {
    const full = fs.openSync(FULL, 'w');
    const run = spawnSync(process.execPath, [BUNDLE, '--help'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    fs.closeSync(full);
    expect(run.stderr).toBe(
      'docker-mtls: error: the result could not be written to stdout\nhint: is the disk full?\n',
    );
    expect(run.status).toBe(1);
  });

  test('is one in parts as well', () => {
    const file = path.join(temporaryFolder(), 'log');
    fs.writeFileSync(file, `${append(GENESIS, { type: 'x' }).line}\n`);
    const full = fs.openSync(FULL, 'w');
    const run = spawnSync(process.execPath, [BUNDLE, 'audit', 'query', file], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    fs.closeSync(full);
    expect([run.status, run.stderr]).toEqual([
      1,
      'docker-mtls: error: the result could not be written to stdout\nhint: is the disk full?\n',
    ]);
  });

  test("is nobody's failure when the reader has gone", () => {
    const script = `"${process.execPath}" "${BUNDLE}" --help | true; echo "\${PIPESTATUS[0]}"`;
    const run = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect([run.stdout, run.stderr]).toEqual(['0\n', '']);
  });
});

test('a long result waits for a slow reader, also where the pipe does not', () => {
  // Looking at stderr makes the pipe non-blocking, and stdout is the same one.
  const writing = `process.stderr.isTTY; import(${JSON.stringify(WRITE_STREAM)}).then(({ writeAll }) => writeAll(1, Buffer.alloc(1e6)));`;
  const script = `"$1" -e "$2" 2>&1 | { sleep 0.3; wc -c; }`;
  const run = spawnSync('sh', ['-c', script, 'sh', process.execPath, writing], { encoding: 'utf8' });
  expect(run.stdout.trim()).toBe('1000000');
});
