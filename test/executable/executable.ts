import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { REPOSITORY } from '../support/cache.ts';
import { run, searchPath, type Finished } from '../support/run.ts';

const UNREACHABLE = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/;

/** Whole releases, other architectures and clean hosts take many minutes: they are tried when this is set. */
export const IS_FULL_RELEASE: boolean = process.env['DOCKER_MTLS_TEST_RELEASE'] === 'all';

export type Architecture = 'x64' | 'arm64';

/** A single executable, and the folder that it was built in with the licences; or why it cannot be built here. */
export type Built =
  | { readonly file: string; readonly folder: string; readonly obstacle?: undefined }
  | { readonly obstacle: string };

/** Builds once; other test files of the run wait for it and use the same. */
const ONCE = '[ -e "$2/complete" ] || { "$0" "$1" "$2" "$3" && touch "$2/complete"; }';

/** The executable of an architecture, which is this machine's unless told otherwise. */
export async function buildExecutable(architecture = process.arch as Architecture): Promise<Built> {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch))
    return { obstacle: 'Linux on x64 or arm64' };
  // Next to the programs of the run, which are not what a test has left.
  const folder = path.join(os.tmpdir(), 'programs', `executable-${architecture}`);
  fs.mkdirSync(folder, { recursive: true });
  const script = path.join(REPOSITORY, 'scripts/executable.js');
  const { code, stderr } = await asDeveloper('flock', [
    `${folder}.lock`,
    'sh',
    '-c',
    ONCE,
    process.execPath,
    script,
    folder,
    architecture,
  ]);
  const file = path.join(folder, `docker-mtls-linux-${architecture}`);
  if (code === 0 && fs.existsSync(file)) return { file, folder };
  const [problem] = UNREACHABLE.exec(stderr) ?? [];
  if (problem !== undefined) return { obstacle: `the npm registry, which cannot be reached: ${problem}` };
  throw new Error(`the executable was not built:\n${stderr}`);
}

/** Runs a program with this developer's environment: npm fetches Node, and needs that. */
export function asDeveloper(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:package|lifecycle|command)/.test(name),
  );
  return run(program, words, {
    env: {
      ...Object.fromEntries(own.map(([name, value]) => [name, value ?? ''])),
      PATH: searchPath([path.dirname(process.execPath)]),
      ...env,
    },
    timeout: 900_000,
  });
}
