#!/usr/bin/env node
import { printedHelp } from './help.ts';
import type { Outcome } from './main.ts';
import { writeStream } from './write-stream.ts';

async function answer(argv: readonly string[]): Promise<void> {
  const { stdout, stderr, exitCode, signal } = await outcomeOf(argv);
  writeStream(2, stderr);
  process.exitCode = writeStream(1, stdout) ? exitCode : lost();
  if (signal !== undefined) process.kill(process.pid, signal);
}

async function outcomeOf(argv: readonly string[]): Promise<Outcome> {
  const help = printedHelp(argv);
  if (help !== undefined) return { stdout: help, stderr: '', exitCode: 0 };
  // All that a command needs takes longer to load than the help to print.
  const { start } = await import('./start.ts');
  return start(argv);
}

/** The work is done, but its result did not get out: whoever waits for it must not take that for success. */
function lost(): number {
  writeStream(2, 'docker-mtls: error: the result could not be written to stdout\nhint: is the disk full?\n');
  return 1;
}

// No `await` here: the bundle is CommonJS, which starts faster than a module.
void answer(process.argv.slice(2));
