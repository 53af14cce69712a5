import os from 'node:os';
import { MtlsError } from '@docker-mtls/errors';
import { askSecret } from './ask-secret.ts';
import { askYes } from './ask-yes.ts';
import type { Io } from './io.ts';
import { endProgress, showProgress } from './progress.ts';
import { becomeProgram } from './run-program.ts';
import { isSingleExecutable } from './single-executable.ts';
import { spareMemory } from './spare-memory.ts';
import { writeText } from './write-stream.ts';

/**
 * The real world: this process, its terminal, its clock and its machine. `folder` is the current one; `undefined` where it no
 * longer exists, which most commands can do without.
 */
export function processIo(folder: string | undefined): Io {
  return {
    env: process.env,
    get cwd() {
      return folder ?? noFolder();
    },
    platform: process.platform,
    get programFile() {
      return programFile();
    },
    uid: process.getuid?.(),
    get operator() {
      return operator();
    },
    now: () => new Date(),
    output,
    systemFolders: { policies: '/etc/docker-mtls', logs: '/var/log/docker-mtls' },
    note,
    get progress() {
      return process.stderr.isTTY ? showProgress : undefined;
    },
    get askSecret() {
      // Looked at late: opening stdin takes longer than most commands.
      return process.stdin.isTTY && process.stderr.isTTY ? askSecret : undefined;
    },
    get askYes() {
      return process.stdin.isTTY && process.stderr.isTTY ? askYes : undefined;
    },
    runProgram: becomeProgram,
    spareMemory,
    machine,
  };
}

/** A single executable holds both Node and the program; elsewhere Node runs a file. */
function programFile(): string {
  return isSingleExecutable() ? process.execPath : (process.argv[1] ?? process.execPath);
}

function noFolder(): never {
  throw new MtlsError('FILE_NOT_FOUND', 'the current folder no longer exists', {
    hint: 'change to another folder',
  });
}

function output(text: string): boolean {
  const outcome = writeText(1, text);
  if (outcome !== 'failed') return outcome === 'written';
  throw new MtlsError('OUTPUT_LOST', 'the result could not be written to stdout', {
    hint: 'is the disk full?',
  });
}

function note(line: string): void {
  endProgress();
  writeText(2, `${line}\n`);
}

function operator(): string {
  return `${userName()}@${os.hostname()}`;
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A container may run under a number that no passwd file names.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}

function machine(): ReturnType<Io['machine']> {
  const host = os.hostname();
  const addresses = Object.entries(os.networkInterfaces())
    .filter(([name]) => !isEnginesOwn(name))
    .flatMap(([, faces = []]) => faces)
    .flatMap(({ internal, address }) => (internal || isLinkLocal(address) ? [] : [address]));
  return { hostNames: host === '' ? [] : [host, ...shortName(host)], addresses };
}

function shortName(host: string): readonly string[] {
  const [short = ''] = host.split('.');
  return short === host ? [] : [short];
}

/** Bridges that an engine makes for its containers come and go with its networks, and nobody calls it there. */
function isEnginesOwn(name: string): boolean {
  return /^(?:docker0|docker_gwbridge|br-[0-9a-f]{12})$/.test(name);
}

/** fe80::/10 means nothing without an interface, so no certificate can hold it usefully. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}
