import { hasCode, isMtlsError } from '@docker-mtls/errors';
import type { Caller } from '@docker-mtls/errors';
import type { HostService } from '../host-unit.ts';
import type { LocalEngine } from '../local-engine.ts';
import { reloadRecorder } from '../reload-record.ts';
import { readService, withEngineLock } from '../this-host.ts';
import { forgetPlugin } from './forget-plugin.ts';
import { noUnit, pluginCaller } from './plugin-change.ts';
import { removePluginFiles } from './plugin-files.ts';
import { SERVICE_UNIT, SOCKET_UNIT } from './plugin-units.ts';

export type UninstalledPlugin = {
  /** The daemon.json that named the plugin, if one did. */
  readonly config: string | undefined;
  /** Does the engine run, so that it goes by that already? */
  readonly isActive: boolean;
};

/**
 * Has this machine's engine not ask docker-mtls any more. It needs neither the engine nor the plugin nor a CA: for a machine on which
 * one of them does not work. The policy and the audit log stay.
 */
export async function uninstallPlugin(engine: LocalEngine, caller: Caller): Promise<UninstalledPlugin> {
  const service = await readService(engine);
  if (service === undefined) throw noUnit(engine);
  const config = service.config ?? engine.config;
  return withEngineLock(service, pluginCaller(caller), async () => {
    const hasChanged = reloadRecorder(config);
    const written = forgetPlugin(config, caller.now());
    const isReloaded = hasChanged();
    if (service.isActive && written) {
      await service.systemd.reload(service.name);
      isReloaded();
    }
    if (!service.isActive && written) endStart(service);
    await removePlugin(service);
    if (!service.isActive) await service.systemd.resetFailed([service.name]);
    return { config: written ? config : undefined, isActive: service.isActive };
  });
}

/**
 * An engine that is starting has read the old file: it waits for a plugin that does not answer, deaf to SIGTERM, or is about to ask one
 * that goes. Its unit starts it again.
 */
function endStart({ pid }: HostService): void {
  try {
    if (pid > 1) process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

/** Stops the plugin and removes what was written for it. */
export async function removePlugin({ systemd }: HostService): Promise<void> {
  for (const unit of [SOCKET_UNIT, SERVICE_UNIT]) await unlessGone(() => systemd.disable(unit));
  removePluginFiles();
  await systemd.daemonReload();
}

async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isMtlsError(error)) throw error;
  }
}
