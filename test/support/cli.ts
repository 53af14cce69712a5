import fs from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from './cache.ts';
import { run, type Finished, type RunOptions } from './run.ts';
import { temporaryFolder } from './temp.ts';

/** The program as it is published, made by `pnpm build`. */
export const BUNDLE: string = path.join(REPOSITORY, 'packages/cli/dist/docker-mtls.cjs');

const OTHER = process.env['DOCKER_MTLS_TEST_PROGRAM'];

/** The words that start it: the bundle, or what DOCKER_MTLS_TEST_PROGRAM names, such as a single executable. */
export const PROGRAM: readonly string[] = OTHER === undefined ? [process.execPath, BUNDLE] : [OTHER];

/** What the program is run in: a home of its own, and what a test adds to that. */
export type CliOptions = RunOptions & {
  readonly home?: string;
  /** Words before the program, such as a tracer and its options. */
  readonly prefix?: readonly string[];
  /** The words that start it, where it runs on another machine than the test's. */
  readonly program?: readonly string[];
};

/** Runs docker-mtls to its end, with no terminal and an environment of its own. */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<Finished> {
  if (OTHER === undefined && !fs.existsSync(BUNDLE))
    throw new Error(`${BUNDLE} is not there: pnpm build makes it`);
  const { home = temporaryFolder(), prefix = [], program = PROGRAM, env = {}, ...rest } = options;
  const [first = '', ...words] = [...prefix, ...program, ...args];
  return run(first, words, { cwd: home, ...rest, env: { HOME: home, ...env } });
}

/** Runs a command that is expected to succeed, with `--json`, and returns what it answered. */
export async function cliJson(
  args: readonly string[],
  options: CliOptions = {},
): Promise<Record<string, unknown>> {
  const { code, signal, stdout, stderr } = await cli([...args, '--json'], options);
  if (code !== 0)
    throw new Error(`docker-mtls ${args.join(' ')}: ended with ${code ?? signal}\n${stdout}${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}
