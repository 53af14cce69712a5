import { processIo } from './io/process-io.ts';
import { endProgress } from './io/progress.ts';
import { writeAll, writeText } from './io/write-stream.ts';
import { ownWords } from './command-line/option-words.ts';
import { failure } from './outcome.ts';
import type { ProcessOutcome } from './outcome.ts';
import { isMetadataRequest, pluginMetadata } from './plugin/metadata.ts';

/** Runs one command line in this process, and leaves its exit code to Node. */
export async function start(argv: readonly string[]): Promise<void> {
  if (isMetadataRequest(argv)) finish({ stdout: pluginMetadata(), stderr: '', exitCode: 0 });
  else finish(await untilDone(argv, run(argv)));
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

async function run(argv: readonly string[]): Promise<ProcessOutcome> {
  const io = processIo();
  // Late: yargs asks for the current folder as it loads, which `io` makes sure that there is; and docker, which asks its
  // plugins for their metadata at each of its commands, need not wait for it.
  const { runPlugin } = await import('./plugin/run-plugin.ts');
  return runPlugin(argv, process.env, io);
}

function finish({ stdout, stderr, exitCode, signal }: ProcessOutcome): void {
  endProgress();
  writeText(2, stderr);
  const outcome = typeof stdout === 'string' ? writeText(1, stdout) : writeAll(1, stdout);
  process.exitCode = outcome === 'failed' ? lost() : exitCode;
  if (signal !== undefined) process.kill(process.pid, signal);
}

/** The work is done but its result is lost, so the caller must not take it for a success. */
function lost(): number {
  writeAll(2, 'docker-mtls: error: the result could not be written to stdout\nhint: is the disk full?\n');
  return 1;
}
