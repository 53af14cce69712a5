#!/usr/bin/env node
import fs from 'node:fs';
import { main } from './main.ts';
import { processIo } from './process-io.ts';

async function start(): Promise<void> {
  const { stdout, stderr, exitCode, signal } = await main(process.argv.slice(2), processIo());
  write(2, stderr);
  write(1, stdout);
  process.exitCode = exitCode;
  if (signal !== undefined) process.kill(process.pid, signal);
}

function write(stream: 1 | 2, data: string | Uint8Array): void {
  let rest = Buffer.from(data);
  while (rest.length > 0) rest = rest.subarray(writeSome(stream, rest));
}

function writeSome(stream: 1 | 2, data: Buffer): number {
  try {
    return fs.writeSync(stream, data);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Whoever reads has closed the pipe (`| head`): there is nobody left to tell.
    if (code === 'EPIPE') return data.length;
    if (code === 'EAGAIN') return 0;
    throw error;
  }
}

// No `await` here: the bundle is CommonJS, which starts faster than a module.
void start();
