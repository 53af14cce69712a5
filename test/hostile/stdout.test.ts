import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { expect, test } from '@jest/globals';
import { BUNDLE } from '../support/cli.ts';
import { describeUnless } from '../support/describe-unless.ts';

const FULL = '/dev/full';

describeUnless(
  fs.existsSync(FULL) ? undefined : `there is no ${FULL}`,
  'a result that cannot be written',
  () => {
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

    test('is nobody’s failure when the reader has gone', () => {
      const script = `"${process.execPath}" "${BUNDLE}" --help | true; echo "\${PIPESTATUS[0]}"`;
      const run = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
      expect([run.stdout, run.stderr]).toEqual(['0\n', '']);
    });
  },
);
