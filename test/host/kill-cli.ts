import { spawn } from 'node:child_process';
import { setImmediate as breathe } from 'node:timers/promises';
import { BUNDLE } from '../support/cli.ts';
import { searchPath } from '../support/run.ts';
import { childOf, type Host } from './host.ts';

/** Runs docker-mtls in the host and kills it, as a power cut would, as soon as something is so. */
export async function killCli(
  { prefix }: Host,
  args: readonly string[],
  isTime: () => boolean,
): Promise<void> {
  const [program = '', ...words] = [...prefix, '/usr/local/bin/node', BUNDLE, ...args];
  const child = spawn(program, words, { stdio: 'ignore', env: { PATH: searchPath() } });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isTime()) {
    if (isOver) throw new Error('it ended before it could be killed');
    await breathe();
  }
  // nsenter waits outside for what runs inside.
  const inside = childOf(child.pid);
  if (inside === undefined) throw new Error('there is nothing to kill');
  process.kill(inside, 'SIGKILL');
  await ended;
}
