import path from 'node:path';
import type { Entry } from '@docker-mtls/ca-directory';
import { currentPair } from '../../../test/support/current-pair.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';
import type { Io } from '../src/io/io.ts';
import { main } from '../src/main.ts';
import type { ProcessOutcome } from '../src/outcome.ts';
import { fakeIo } from './fake-io.ts';

/** A folder with a CA in `ca`, and the commands that are run in it, without a process. */
export type TestCa = {
  readonly folder: string;
  readonly io: Io;
  readonly run: (...argv: readonly string[]) => Promise<ProcessOutcome>;
  readonly current: (kind: 'server' | 'client', name: string) => Promise<Entry>;
};

/** Makes a CA in a new folder, and runs these commands there. */
export function makeTestCa(...commands: readonly (readonly string[])[]): Promise<TestCa> {
  return makeTestCaWith({}, commands);
}

/** The same with other settings: the real clock, for instance, where certificates are used over TLS. */
export async function makeTestCaWith(
  changes: Partial<Io>,
  commands: readonly (readonly string[])[],
): Promise<TestCa> {
  const folder = temporaryFolder();
  const directory = path.join(folder, 'ca');
  const io = fakeIo({ cwd: folder, env: { DOCKER_MTLS_CA_DIR: directory }, ...changes });
  const run = (...argv: readonly string[]): Promise<ProcessOutcome> => main(argv, io);
  for (const argv of [['init-ca'], ...commands]) {
    const { exitCode, stderr } = await run(...argv);
    if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  }
  return { folder, io, run, current: (kind, name) => currentPair(directory, kind, name) };
}
