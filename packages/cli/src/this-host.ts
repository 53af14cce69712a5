import fs from 'node:fs';
import path from 'node:path';
import type * as HostCode from '@docker-mtls/host';
import type { HostUnit } from '@docker-mtls/host';
import { MtlsError } from '@docker-mtls/errors';
import type { Io } from './io.ts';
import { configFolder, restartWords, runtimeFolder } from './local-engine.ts';
import type { LocalEngine } from './local-engine.ts';

/** The code that deals with this machine's engine, and what it found. */
export type ThisHost = {
  readonly code: typeof HostCode;
  readonly unit: HostUnit;
  /** Reads the unit again, as it is now. */
  readonly reread: () => Promise<HostUnit>;
};

/** The engine that systemd runs here, if it is the one that reads this daemon.json. */
export async function thisHost({ kind, config }: LocalEngine, io: Io): Promise<ThisHost | undefined> {
  if (kind !== 'system' && kind !== 'rootless') return undefined;
  if (io.platform !== 'linux' || !fs.existsSync('/run/systemd/system')) return undefined;
  const code = await import('@docker-mtls/host');
  const scope =
    kind === 'system'
      ? code.SYSTEM
      : code.userScope({ config: configFolder(io), runtime: runtimeFolder(io) });
  const unit = await code.readHostUnit(code.runProgram, { scope });
  if (unit === undefined || !isSame(unit.config, config)) return undefined;
  const reread = async (): Promise<HostUnit> =>
    (await code.readHostUnit(code.runProgram, { fresh: true, scope })) ?? unit;
  return { code, unit, reread };
}

/** What `--apply` says where there is nothing that it could restart. */
export function noSystemd(engine: LocalEngine): MtlsError {
  return new MtlsError('HOST_NO_SYSTEMD', `no engine that systemd runs here reads ${engine.config}`, {
    hint: `leave --apply away, then ${restartWords(engine)}`,
  });
}

function isSame(a: string, b: string): boolean {
  return realPath(a) === realPath(b);
}

function realPath(file: string): string {
  return fs.existsSync(file) ? fs.realpathSync(file) : path.resolve(file);
}
