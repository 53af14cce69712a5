#!/usr/bin/env node
import fs from 'node:fs';
import path from 'node:path';
import { codeCache } from './launch/code-cache.ts';
import type { WriteWhole } from './launch/code-cache.ts';
import { isHelp, printedHelp } from './command-line/help.ts';
import { partLoader } from './launch/load-parts.ts';
import type { Parts } from './launch/load-parts.ts';
import { refuseOldNode } from './launch/old-node.ts';
import { programOf } from './launch/program-of.ts';
import type { Outcome } from './main.ts';
import type * as Start from './start.ts';
import { writeStream } from './io/write-stream.ts';

const HERE = import.meta.dirname;

async function answer(argv: readonly string[]): Promise<void> {
  const help = printedHelp(argv);
  if (help !== undefined) return finish({ stdout: help, stderr: '', exitCode: 0 });
  const refused = refuseOldNode(argv, process);
  if (refused !== undefined) return finish(refused);
  // All that a command needs takes longer to load than the help to print.
  const parts = loader(argv);
  finish(await programIn(parts, argv).start(argv), parts);
}

function loader(argv: readonly string[]): Parts {
  const owners = { program: fs.statSync(import.meta.filename).uid, user: process.geteuid?.() };
  const write: WriteWhole = (file, data) => programIn(parts, argv).writeWhole(file, data);
  const parts = partLoader(codeCache(path.join(HERE, 'code-cache'), owners, write), commandOf(argv));
  return parts;
}

function programIn(parts: Parts, [command]: readonly string[]): typeof Start {
  return parts.load(path.join(HERE, 'lib', `${programOf(command)}.cjs`)) as typeof Start;
}

/** By what is kept of a run: what the next one runs as well. Where a text is printed, any word may stand for a command. */
function commandOf([command = '', ...words]: readonly string[]): string {
  const isText = words.some((word) => isHelp(word) || word === '--version');
  return /^[a-z-]+$/.test(command) && !isText ? command : 'other';
}

function finish({ stdout, stderr, exitCode, signal }: Outcome, parts?: Parts): void {
  writeStream(2, stderr);
  process.exitCode = writeStream(1, stdout) ? exitCode : lost();
  if (exitCode === 0) parts?.keep();
  if (signal !== undefined) process.kill(process.pid, signal);
}

/** The work is done, but its result did not get out: whoever waits for it must not take that for success. */
function lost(): number {
  writeStream(2, 'docker-mtls: error: the result could not be written to stdout\nhint: is the disk full?\n');
  return 1;
}

// No `await` here: the bundle is CommonJS, which starts faster than a module.
void answer(process.argv.slice(2));
