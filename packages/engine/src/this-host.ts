import { shellWord } from '@docker-mtls/errors';
import { runProgram } from '@docker-mtls/run';
import { noteFor } from './caller.ts';
import type { EngineCaller } from './caller.ts';
import { HostError } from './host-error.ts';
import { readHostService, readHostUnit, SERVICE } from './host-unit.ts';
import type { HostService, HostUnit } from './host-unit.ts';
import { isInterrupted } from './journal.ts';
import { configFolder, restartWords, runtimeFolder, usualConfig } from './local-engine.ts';
import type { LocalEngine } from './local-engine.ts';
import { withHostLock } from './lock.ts';
import { recover } from './roll-back.ts';
import type { Recovered } from './roll-back.ts';
import { serviceManager } from './restart-command.ts';
import { isSameFile } from './same-file.ts';
import { SYSTEM, userScope } from './scope.ts';
import type { Scope } from './scope.ts';

/** The unit of the engine that systemd runs here, if it is the one that reads this daemon.json. */
export async function readUnit(engine: LocalEngine): Promise<HostUnit | undefined> {
  const unit = await unitOf(engine);
  return unit !== undefined && isSameFile(unit.config, engine.config) ? unit : undefined;
}

/**
 * As `readUnit`. Where nobody named another file, the engine of this machine is meant: a file that it does not read would
 * leave it as open as it is. Throws `HOST_OTHER_CONFIG`.
 */
export async function unitToChange(engine: LocalEngine): Promise<HostUnit | undefined> {
  const { config, kind, machine } = engine;
  const unit = await unitOf(engine);
  if (unit === undefined || isSameFile(unit.config, config)) return unit;
  if (config !== usualConfig(kind, machine)) return undefined;
  throw new HostError(
    'HOST_OTHER_CONFIG',
    `the engine that ${unit.name} starts here reads ${unit.config}, not ${config}`,
    { hint: `add --config ${shellWord(unit.config)}` },
  );
}

async function unitOf(engine: LocalEngine): Promise<HostUnit | undefined> {
  const scope = scopeOf(engine);
  return scope === undefined ? undefined : readHostUnit(runProgram, { scope });
}

/** The engine's service, whatever its unit says by now; `undefined` where no systemd could have it. */
export async function readService(engine: LocalEngine): Promise<HostService | undefined> {
  const scope = scopeOf(engine);
  return scope === undefined ? undefined : readHostService(runProgram, { scope });
}

/** Where a drop-in of docker-mtls for this engine would be; `undefined`: this kind of engine has none. */
export function dropInFolder(engine: LocalEngine): string | undefined {
  const scope = unitScope(engine);
  return scope && `${scope.units}/${SERVICE}.d`;
}

/** Whose service manager would run this engine; `undefined` where there is none. */
function scopeOf(engine: LocalEngine): Scope | undefined {
  return serviceManager() === 'systemd' ? unitScope(engine) : undefined;
}

function unitScope({ kind, machine }: LocalEngine): Scope | undefined {
  if (kind !== 'system' && kind !== 'rootless') return undefined;
  if (machine.platform !== 'linux') return undefined;
  return kind === 'system'
    ? SYSTEM
    : userScope({ config: configFolder(machine), runtime: runtimeFolder(machine) });
}

/** The unit as it is now, with every file of it that systemd has not read yet. */
export async function freshUnit(unit: HostUnit): Promise<HostUnit> {
  return (await readHostUnit(runProgram, { fresh: true, scope: unit.scope })) ?? unit;
}

/** Does a piece of work while no other docker-mtls changes this machine's engine. */
export function withEngineLock<T>(
  { scope }: HostService,
  caller: EngineCaller,
  work: () => Promise<T>,
): Promise<T> {
  if (!scope.isRootless && process.geteuid?.() !== 0) throw needsRoot();
  const note = noteFor(caller);
  return withHostLock(work, {
    onWait: () => note('waiting for another docker-mtls command to finish…'),
    file: scope.lock,
  });
}

/** Only root changes the engine of a machine, with systemd or without. Throws `HOST_NEEDS_ROOT`. */
export function requireRoot({ kind, config, machine }: LocalEngine): void {
  if (kind !== 'system' || machine.platform !== 'linux' || config !== usualConfig(kind, machine)) return;
  if (process.geteuid?.() !== 0) throw needsRoot();
}

function needsRoot(): HostError {
  return new HostError('HOST_NEEDS_ROOT', "configuring this machine's engine takes root", {
    hint: 'run the same command with sudo',
  });
}

/** Takes back a change that was interrupted, if there was one; needs the lock. */
export function takeBackInterrupted(
  unit: HostService,
  config: string,
  caller: EngineCaller,
  isForced = false,
): Promise<Recovered | undefined> {
  return recover(unit, config, {
    note: noteFor(caller),
    reinstate: caller.reinstate,
    ...(isForced && { force: { now: caller.now() } }),
  });
}

/** The same before a command reads anything: what it would read may be what is to be taken back. */
export async function recoverEngine(engine: LocalEngine, caller: EngineCaller): Promise<void> {
  const { config } = engine;
  if (!isInterrupted(config)) return;
  const service = await readService(engine);
  if (service === undefined) return;
  await withEngineLock(service, caller, () => takeBackInterrupted(service, config, caller));
}

/** What a restart fails with where there is nothing that could be restarted. */
export function noSystemd(engine: LocalEngine): HostError {
  const why =
    engine.kind === 'snap'
      ? 'the engine of the snap is started by a command that is hidden in the snap'
      : `no engine that systemd runs here reads ${engine.config}`;
  return new HostError('HOST_NO_SYSTEMD', why, { hint: `omit --apply, then ${restartWords(engine)}` });
}
