import fs from 'node:fs';
import path from 'node:path';
import { cli, type CliOptions } from '../support/cli.ts';
import { temporaryFolder } from '../support/temp.ts';

const FIRST_COMMANDS = [
  ['init-ca'],
  ['issue-server', 'node1.example.com'],
  ['issue-client', 'alice'],
  ['issue-client', 'carol'],
];

/**
 * Makes work folders, each with a CA of its own in `ca` (which the environment names) that has issued pairs for the
 * server `node1.example.com` and the clients `alice` and `carol`.
 */
export async function makeWorkFolders(): Promise<() => string> {
  const root = temporaryFolder();
  const first = path.join(root, 'first');
  for (const folder of [first, path.join(first, 'tmp')]) fs.mkdirSync(folder, { mode: 0o700 });
  for (const argv of FIRST_COMMANDS) {
    const { code, stderr } = await runIn(first, argv);
    if (code !== 0) throw new Error(`docker-mtls ${argv.join(' ')}: ${stderr}`);
  }
  let count = 0;
  return () => {
    const copy = path.join(root, String((count += 1)));
    fs.cpSync(first, copy, { recursive: true, verbatimSymlinks: true });
    return copy;
  };
}

/** Runs the program in a work folder, with everything that it could write to inside of that. */
export function runIn(
  work: string,
  argv: readonly string[],
  { env = {}, prefix = [] }: Pick<CliOptions, 'env' | 'prefix'> = {},
): ReturnType<typeof cli> {
  const own = { DOCKER_MTLS_CA_DIR: path.join(work, 'ca'), TMPDIR: path.join(work, 'tmp') };
  return cli(argv, { home: work, prefix, env: { ...own, ...env } });
}
