import path from 'node:path';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { writeLines, writeTestLog } from '../../authz/testing/audit-chain.ts';
import type { Io } from '../src/io/io.ts';
import { main } from '../src/main.ts';
import { fakeIo } from './fake-io.ts';

export type Answer = Record<string, unknown> & { readonly exitCode: number };

/** A log of 30 records in three files, and the commands that read it, without a process. */
export type TestLog = {
  readonly folder: string;
  readonly io: Io;
  /** What was printed in parts. */
  readonly printed: string[];
  readonly write: (name: string, lines: readonly string[]) => void;
  /** With `--json`. */
  readonly answer: (...argv: readonly string[]) => Promise<Answer>;
  readonly said: (...argv: readonly string[]) => Promise<string>;
};

export function makeTestLog(): TestLog {
  const cwd = temporaryFolder();
  const folder = path.join(cwd, 'log/docker');
  const printed: string[] = [];
  const io = fakeIo({
    cwd,
    systemFolders: { policies: path.join(cwd, 'etc'), logs: path.join(cwd, 'log') },
    output: (part) => printed.push(part) > 0,
  });
  const write = (name: string, lines: readonly string[]): void => writeLines(path.join(folder, name), lines);
  writeTestLog(folder);
  /** All that a command has printed, and how it ended. */
  const run = async (argv: readonly string[]): Promise<{ text: string; exitCode: number }> => {
    printed.length = 0;
    const { stdout, stderr, exitCode } = await main(argv, io);
    return { text: printed.join('') + Buffer.from(stdout).toString() + stderr, exitCode };
  };
  return {
    folder,
    io,
    printed,
    write,
    answer: async (...argv) => {
      const { text, exitCode } = await run([...argv, '--json']);
      return { ...(JSON.parse(text) as Record<string, unknown>), exitCode };
    },
    said: async (...argv) => (await run(argv)).text,
  };
}
