import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { runProgram } from '@docker-mtls/run';
import { createFile, explained, PRIVATE_FILE, removeUnsynced } from '@docker-mtls/files';
import { DaemonConfigError } from '../error.ts';
import { printable } from '../printable.ts';

export type Validation = {
  /** Did the engine give an opinion? Those before 23.0 have none to give. */
  readonly ran: boolean;
  readonly ok: boolean;
  readonly version?: string;
  /** The engine's own words, or why it did not speak. */
  readonly message: string;
};

export type ValidateOptions = {
  /** The engine's program: see `findDockerd`. */
  readonly dockerd: string;
  /** The flags that the engine is started with, so that clashes with the file are found too. */
  readonly flags?: readonly string[];
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 20_000;
const LONGEST_MESSAGE = 2_000;
const OUR_NAME = 'daemon.json';

type Ran = { readonly code: number | undefined; readonly output: string; readonly trouble?: string };

/**
 * Asks the engine's program what it thinks of a file. It checks JSON, keys, clashes with flags, hosts, and that the
 * TLS files exist and match, so it is of use only where those files are. Nothing is started and nothing changed.
 */
export async function validateDaemonConfig({
  path,
  ...options
}: ValidateOptions & { path: string }): Promise<Validation> {
  const [ran, version] = await Promise.all([
    run(options, ['--validate', '--config-file', path, ...(options.flags ?? [])]),
    versionOf(options),
  ]);
  if (ran.trouble !== undefined) return { ran: false, ok: false, message: ran.trouble };
  if (isUnableTo(ran)) return { ran: false, ok: false, ...version, message: tooOld(version.version) };
  return { ran: true, ok: ran.code === 0, ...version, message: ran.output };
}

/** As `validateDaemonConfig`, for a text that is not in place yet: nothing but a private temporary file is written. */
export async function validateDaemonConfigText({
  text,
  ...options
}: ValidateOptions & { text: string }): Promise<Validation> {
  const temporary = nodePath.join(os.tmpdir(), 'docker-mtls-');
  const folder = explained('make a folder at', temporary, () => fs.mkdtempSync(temporary));
  try {
    const path = nodePath.join(folder, OUR_NAME);
    createFile(path, text, PRIVATE_FILE);
    const validation = await validateDaemonConfig({ ...options, path });
    return { ...validation, message: validation.message.replaceAll(path, OUR_NAME) };
  } finally {
    removeUnsynced(folder);
  }
}

/** Throws `DAEMON_CONFIG_REJECTED`, with the engine's words, when it was asked and said no. */
export function refuseRejected({ ran, ok, message, version }: Validation): void {
  if (!ran || ok) return;
  const engine = version === undefined ? 'the engine' : `the engine (${version})`;
  throw new DaemonConfigError('DAEMON_CONFIG_REJECTED', `${engine} refuses this configuration: ${message}`, {
    hint: 'daemon.json stays as it was; correct what it names, then run the command again',
  });
}

async function run(
  { dockerd, timeoutMs = TIMEOUT_MS }: ValidateOptions,
  args: readonly string[],
): Promise<Ran> {
  const { code, stdout, stderr, trouble } = await runProgram(dockerd, args, { timeoutMs });
  const output = oneLine(`${stdout}\n${stderr}`);
  return trouble === undefined
    ? { code, output }
    : { code, output, trouble: `cannot run ${dockerd}: ${trouble.text}` };
}

async function versionOf(options: ValidateOptions): Promise<{ version?: string }> {
  const { output } = await run(options, ['--version']);
  const version = /version ([0-9][^\s,]*)/.exec(output)?.[1];
  return version === undefined ? {} : { version };
}

/** Engines before 23.0 do not know the flag (docker/cli release notes 23.0, "Add dockerd --validate"). */
function isUnableTo({ code, output }: Ran): boolean {
  return code !== 0 && /unknown flag: --validate/.test(output);
}

function tooOld(version: string | undefined): string {
  return `this engine${version === undefined ? '' : ` (${version})`} cannot check a configuration: that came with 23.0`;
}

function oneLine(output: string): string {
  return printable(output.replaceAll(/\p{Cc}+/gu, ' ').trim()).slice(0, LONGEST_MESSAGE);
}
