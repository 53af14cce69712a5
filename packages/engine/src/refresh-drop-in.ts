import { readDaemonConfig, recordDropIn } from '@docker-mtls/daemon-config';
import type { EngineCaller } from './caller.ts';
import type { LocalEngine } from './local-engine.ts';
import { dropInFor } from './plan-host.ts';
import { noSystemd, freshUnit, readUnit, withEngineLock } from './this-host.ts';
import { putDropIn } from './write-host.ts';

/**
 * Writes the drop-in of docker-mtls again, from the command that the unit has now, and has systemd read it. The engine runs
 * on as it does, and `daemon-config undo` takes it back. Codes: `HOST_NEEDS_ROOT`, `HOST_NO_SYSTEMD`, `DAEMON_CONFIG_UNIT`.
 */
export async function refreshDropIn(engine: LocalEngine, caller: EngineCaller): Promise<void> {
  const seen = await readUnit(engine);
  if (seen === undefined) throw noSystemd(engine);
  await withEngineLock(seen, caller, async () => {
    const unit = await freshUnit(seen);
    const plan = dropInFor(unit, readDaemonConfig(engine.config)?.toString('utf8') ?? '');
    if (plan.before === plan.after) return;
    recordDropIn(engine.config, { now: caller.now(), dropIn: plan.before ?? null });
    await putDropIn(unit, plan);
  });
}
