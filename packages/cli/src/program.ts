import { ownWords } from './command-line/option-words.ts';
import { processIo } from './io/process-io.ts';
import { endProgress } from './io/progress.ts';
import { writeAll, writeLost, writeText } from './io/write-stream.ts';
import { failure } from './outcome.ts';
import type { ProcessOutcome } from './outcome.ts';
import { runPlugin } from './plugin/run-plugin.ts';

/** Runs one command line in this process, and leaves its exit code to Node. `folder`: the current one, if it exists. */
export async function runInProcess(argv: readonly string[], folder: string | undefined): Promise<void> {
  finish(await untilDone(argv, runPlugin(argv, process.env, processIo(folder))));
}

/** Node ends with 0 when nothing is left to wait for, even if a command has not come to its result: that is a failure. */
async function untilDone(argv: readonly string[], work: Promise<ProcessOutcome>): Promise<ProcessOutcome> {
  const isJson = ownWords(argv).includes('--json');
  const unfinished = (): void =>
    finish(failure(new Error('the program ended before its command did'), isJson));
  process.once('beforeExit', unfinished);
  try {
    return await work;
  } finally {
    process.removeListener('beforeExit', unfinished);
  }
}

function finish({ stdout, stderr, exitCode, signal }: ProcessOutcome): void {
  endProgress();
  writeText(2, stderr);
  const outcome = typeof stdout === 'string' ? writeText(1, stdout) : writeAll(1, stdout);
  process.exitCode = outcome === 'failed' ? writeLost() : exitCode;
  if (signal !== undefined) process.kill(process.pid, signal);
}
