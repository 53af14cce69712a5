import fs from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../support/cache.ts';
import { run, searchPath } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

const UNREACHABLE = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/;

/** The single executable of this machine's platform, or why it cannot be built here. */
export type Built = { readonly file: string; readonly obstacle?: undefined } | { readonly obstacle: string };

/** Builds it. npm fetches Node, and needs the environment of this developer for that. */
export async function buildExecutable(): Promise<Built> {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch))
    return { obstacle: 'Linux on x64 or arm64' };
  const folder = temporaryFolder();
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:package|lifecycle|command)/.test(name),
  );
  const env = Object.fromEntries(own.map(([name, value]) => [name, value ?? '']));
  const script = path.join(REPOSITORY, 'scripts/executable.js');
  const { code, stderr } = await run(process.execPath, [script, folder, process.arch], {
    env: { ...env, PATH: searchPath([path.dirname(process.execPath)]) },
    timeout: 300_000,
  });
  const file = path.join(folder, `docker-mtls-linux-${process.arch}`);
  if (code === 0 && fs.existsSync(file)) return { file };
  const [problem] = UNREACHABLE.exec(stderr) ?? [];
  if (problem !== undefined) return { obstacle: `the npm registry, which cannot be reached: ${problem}` };
  throw new Error(`the executable was not built:\n${stderr}`);
}
