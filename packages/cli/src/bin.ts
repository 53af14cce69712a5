#!/usr/bin/env node
import { main } from './main.ts';
import { processIo } from './process-io.ts';
import { writeStream } from './write-stream.ts';

async function start(): Promise<void> {
  const { stdout, stderr, exitCode, signal } = await main(process.argv.slice(2), processIo());
  writeStream(2, stderr);
  process.exitCode = writeStream(1, stdout) ? exitCode : lost();
  if (signal !== undefined) process.kill(process.pid, signal);
}

/** The work is done, but its result did not get out: whoever waits for it must not take that for success. */
function lost(): number {
  writeStream(2, 'docker-mtls: error: the result could not be written to stdout\nhint: is the disk full?\n');
  return 1;
}

// No `await` here: the bundle is CommonJS, which starts faster than a module.
void start();
