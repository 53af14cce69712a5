import fs from 'node:fs';
import path from 'node:path';
import { reinstateServer } from '@docker-mtls/authority';
import type * as HostCode from '@docker-mtls/engine';
import type { ChangeTools, HostUnit } from '@docker-mtls/engine';
import { MtlsError, shellWord } from '@docker-mtls/errors';
import { runProgram } from '@docker-mtls/run';
import { callerOf } from '../io/caller.ts';
import type { Io } from '../io/io.ts';
import { configFolder, restartWords, runtimeFolder, usualConfig } from './local-engine.ts';
import type { LocalEngine } from './local-engine.ts';

/** The code that deals with this machine's engine, and what it found. */
export type ThisHost = {
  readonly code: typeof HostCode;
  readonly unit: HostUnit;
  /** Reads the unit again, as it is now. */
  readonly reread: () => Promise<HostUnit>;
};

/** The engine that systemd runs here, if it is the one that reads this daemon.json. */
export async function thisHost(engine: LocalEngine, io: Io): Promise<ThisHost | undefined> {
  const host = await hostOf(engine, io);
  return host !== undefined && isSameFile(host.unit.config, engine.config) ? host : undefined;
}

/**
 * As `thisHost`. Where nobody named another file, it is the engine of this machine that is meant: a file that it does
 * not read would leave it as open as it is. Throws `HOST_OTHER_CONFIG`.
 */
export async function hostToChange(engine: LocalEngine, io: Io): Promise<ThisHost | undefined> {
  const { config, kind } = engine;
  const host = await hostOf(engine, io);
  if (host === undefined || isSameFile(host.unit.config, config)) return host;
  if (config !== usualConfig(kind, io)) return undefined;
  const { name, config: read } = host.unit;
  throw new MtlsError(
    'HOST_OTHER_CONFIG',
    `the engine that ${name} starts here reads ${read}, not ${config}`,
    {
      hint: `add --config ${shellWord(read)}`,
    },
  );
}

async function hostOf({ kind }: LocalEngine, io: Io): Promise<ThisHost | undefined> {
  if (kind !== 'system' && kind !== 'rootless') return undefined;
  if (io.platform !== 'linux' || !fs.existsSync('/run/systemd/system')) return undefined;
  const code = await import('@docker-mtls/engine');
  const scope =
    kind === 'system'
      ? code.SYSTEM
      : code.userScope({ config: configFolder(io), runtime: runtimeFolder(io) });
  const unit = await code.readHostUnit(runProgram, { scope });
  if (unit === undefined) return undefined;
  const reread = async (): Promise<HostUnit> =>
    (await code.readHostUnit(runProgram, { fresh: true, scope })) ?? unit;
  return { code, unit, reread };
}

/** Does a piece of work while no other docker-mtls changes this machine's engine. */
export function withLock<T>({ code, unit }: ThisHost, io: Io, work: () => Promise<T>): Promise<T> {
  return code.withHostLock(work, {
    onWait: () => io.note('waiting for another docker-mtls command to finish…'),
    file: unit.scope.lock,
  });
}

/** Takes back a change that was interrupted; needs the lock. Says in words what it did, if there was one. */
export async function recover(
  { code, reread }: ThisHost,
  config: string,
  io: Io,
): Promise<string | undefined> {
  return code.recover(await reread(), config, {
    note: io.note,
    reinstate: (record) => reinstateServer(record, callerOf(io)),
  });
}

/** The same before a command reads anything: what it would read may be what is to be taken back. */
export async function recoverFirst(engine: LocalEngine, io: Io): Promise<void> {
  const host = await thisHost(engine, io);
  const { config } = engine;
  if (host?.code.isInterrupted(config) === true) await withLock(host, io, () => recover(host, config, io));
}

/** What a change of the engine needs of us. */
export function changeTools(own: Pick<ChangeTools, 'prove' | 'quorum'>, io: Io): ChangeTools {
  return { ...own, note: io.note, now: io.now, reinstate: (record) => reinstateServer(record, callerOf(io)) };
}

/** What `--apply` says where there is nothing that it could restart. */
export function noSystemd(engine: LocalEngine): MtlsError {
  const why =
    engine.kind === 'snap'
      ? 'the engine of the snap is started by a command that is hidden in the snap'
      : `no engine that systemd runs here reads ${engine.config}`;
  return new MtlsError('HOST_NO_SYSTEMD', why, {
    hint: `leave --apply away, then ${restartWords(engine)}`,
  });
}

/** Do two paths lead to the same file? */
export function isSameFile(a: string, b: string): boolean {
  return realPath(a) === realPath(b);
}

function realPath(file: string): string {
  return fs.existsSync(file) ? fs.realpathSync(file) : path.resolve(file);
}
