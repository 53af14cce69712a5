/* oxlint-disable jest/no-export, jest/require-top-level-describe -- another file decides whether these are tests */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { hostPath } from '../support/engine-install.ts';
import { run } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { AS_EXPECTED, lastsADay } from './day.ts';
import { asDeveloper } from './executable.ts';

const SLOW = 900_000;

/** The executable for the other architecture, on this machine: qemu translates it, instruction by instruction. */
export function describeArm64(): void {
  describeNeeding(['root', 'mounts', 'qemu for arm64'], 'the single executable for arm64', () => {
    let program: string;
    beforeAll(async () => {
      program = await runnable();
    }, SLOW);

    test(
      'does the work of a day',
      async () => {
        const home = temporaryFolder();
        const ended = await lastsADay(home, (words) =>
          run(program, words, { cwd: home, env: { HOME: home, PATH: hostPath() } }),
        );
        expect(ended).toEqual(AS_EXPECTED);
      },
      SLOW,
    );

    test(
      'does what the quickstart shows',
      async () => {
        const env = { PATH: hostPath(), TMPDIR: temporaryFolder(), DOCKER_MTLS_TEST_PROGRAM: program };
        const script = path.join(REPOSITORY, 'scripts/quickstart.js');
        const { code, stdout } = await run(process.execPath, [script], { env, timeout: SLOW });
        expect(code).toBe(0);
        expect(stdout).toMatch(/^\+ secured: 127\.0\.0\.1:\d+$/mu);
      },
      SLOW,
    );
  });
}

/** A program that starts it where its libraries lie over this machine's, for itself alone. */
async function runnable(): Promise<string> {
  const folder = temporaryFolder();
  const root = path.join(folder, 'root');
  const script = path.join(REPOSITORY, 'scripts/image-root');
  const { code, stderr } = await asDeveloper(script, [root, 'arm64'], { PATH: hostPath() });
  if (code !== 0) throw new Error(stderr);
  const own = path.join(folder, 'usr/lib');
  for (const name of ['lib', 'usr/lib'])
    fs.cpSync(path.join(root, name), own, { recursive: true, verbatimSymlinks: true });
  const start = `exec qemu-aarch64-static ${root}/usr/bin/docker-mtls "$@"`;
  const over = `mount -t overlay overlay -o lowerdir=${folder}/usr:/usr /usr`;
  const program = path.join(folder, 'docker-mtls');
  const text = `#!/bin/sh\nexec unshare --mount sh -ec '${over}; ${start}' sh "$@"\n`;
  fs.writeFileSync(program, text, { mode: 0o755 });
  return program;
}
