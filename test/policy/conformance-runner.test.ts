import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { REPOSITORY } from '../support/cache.ts';
import { BUNDLE } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { eventually } from '../support/eventually.ts';
import { run, searchPath } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

const RUNNER = path.join(REPOSITORY, 'scripts/conformance.js');

let folder: string;

beforeAll(async () => {
  folder = temporaryFolder();
  const { code, stderr } = await run(process.execPath, [RUNNER, 'prepare', folder]);
  if (code !== 0) throw new Error(stderr);
});

type Result = {
  readonly passed: number;
  readonly failed: readonly { expected: string }[];
  readonly skipped: number;
};

async function conformance(
  ...words: readonly string[]
): Promise<Result & { readonly code: number | undefined }> {
  const { code, stdout } = await run(process.execPath, [RUNNER, 'run', folder, '--json', ...words]);
  return { ...(JSON.parse(stdout) as Result), code };
}

test('a plugin that allows everything is told what it should have denied', async () => {
  const server = http.createServer((_request, response) => response.end('{"Allow":true}'));
  const socket = path.join(folder, 'yes.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const { code, failed, passed, skipped } = await conformance('--socket', socket);
  server.close();
  expect(code).toBe(3);
  expect(failed.length).toBeGreaterThan(300);
  expect(failed.every(({ expected }) => expected === 'deny')).toBe(true);
  expect(passed).toBeGreaterThan(50);
  // Those that need an engine's answers about objects, and not more.
  expect(skipped).toBeGreaterThan(0);
  expect(skipped).toBeLessThan((passed + failed.length) / 5);
});

describeNeeding(['root'], 'the plugin of docker-mtls', () => {
  test('decides all cases as expected, over its socket and with real certificates', async () => {
    fs.mkdirSync(path.join(folder, 's'), { mode: 0o700 });
    const [socket, engine] = ['p.sock', 'e.sock'].map((name) => path.join(folder, 's', name)) as [
      string,
      string,
    ];
    const files = ['--policy', path.join(folder, 'policy.yaml'), '--ca', path.join(folder, 'ca.pem')];
    const words = [BUNDLE, 'authz', 'serve', ...files, '--socket', socket, '--engine', engine];
    const plugin = spawn(process.execPath, words, {
      env: { PATH: searchPath(), HOME: folder },
      stdio: 'ignore',
    });
    try {
      await eventually(() => expect(fs.existsSync(socket)).toBe(true));
      const { failed, skipped, code } = await conformance('--socket', socket, '--engine', engine);
      expect({ failed, skipped, code }).toEqual({ failed: [], skipped: 1, code: 0 });
    } finally {
      plugin.kill();
    }
  });
});
