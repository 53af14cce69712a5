import { keyOfFlag, parseDaemonConfig, writtenKeys } from '@docker-mtls/daemon-config';
import { HostError } from './host-error.ts';
import type { HostUnit } from './host-unit.ts';
import { isSameFile } from './same-file.ts';
import type { RunningEngine } from './running-engines.ts';

export type Readers = {
  /** The daemon.json that is planned, and its text. */
  readonly config: string;
  readonly text: string;
  readonly running: readonly RunningEngine[];
  /** The unit that is to be restarted, where systemd runs the engine. */
  readonly unit: HostUnit | undefined;
};

/** The running engine that reads this file and that no unit starts: its flags stay as they are. */
export function readerOf({ config, running, unit }: Omit<Readers, 'text'>): RunningEngine | undefined {
  return unit === undefined ? running.find((engine) => isSameFile(engine.config, config)) : undefined;
}

/**
 * Refuses a file that a running engine could not start with. Throws `HOST_SHARED_CONFIG` where an engine reads it besides
 * the one that is meant, for both would open the same hosts, and `HOST_FLAGS_CLASH` for a flag that the file has, too.
 */
export function refuseReaders({ config, text, running, unit }: Readers): void {
  const readers = running.filter((engine) => isSameFile(engine.config, config));
  const others = unit === undefined ? readers.slice(1) : readers.filter((engine) => !isOf(engine, unit));
  const [other] = others;
  if (other !== undefined) throw shared(config, other, unit?.name ?? describe(readers[0]));
  if (unit !== undefined) return;
  for (const reader of readers) refuseClash(reader, config, text);
}

/** moby daemon/config findConflictsAgainstFlags: a directive may come from the file or from a flag, not from both. */
function refuseClash(engine: RunningEngine, config: string, text: string): void {
  const keys = writtenKeys(parseDaemonConfig(Buffer.from(text)));
  const flags = engine.flags.filter(({ name }) => keys.has(keyOfFlag(name)));
  if (flags.length === 0) return;
  const shown = flags.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}=${value}`));
  throw new HostError(
    'HOST_FLAGS_CLASH',
    `the engine that reads ${config} (${describe(engine)}) was started with ${shown.join(' ')}, and does not start when the file says the same`,
    {
      hint: `remove ${flags.length === 1 ? 'that flag' : 'those flags'} where the engine is started, restart it, and run the command again`,
    },
  );
}

function isOf(engine: RunningEngine, { name, scope, pid }: HostUnit): boolean {
  if (engine.pid === pid) return true;
  return engine.unit?.name === name && engine.unit.isUsers === scope.isRootless;
}

function shared(config: string, other: RunningEngine, first: string): HostError {
  return new HostError(
    'HOST_SHARED_CONFIG',
    `${config} is read by ${first} and by ${describe(other)}: with the same hosts, only one of them can start`,
    { hint: 'stop one of them, or give it a file of its own with --config-file' },
  );
}

function describe(engine: RunningEngine | undefined): string {
  if (engine === undefined) return 'another engine';
  const unit = engine.unit === undefined ? '' : ` of ${engine.unit.name}`;
  return `process ${engine.pid}${unit}`;
}
