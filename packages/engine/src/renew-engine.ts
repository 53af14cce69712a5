import nodePath from 'node:path';
import { readDaemonConfig } from '@docker-mtls/daemon-config';
import { changeTools } from './caller.ts';
import type { EngineCaller } from './caller.ts';
import { changeEngine } from './change-engine.ts';
import type { ChangeTools } from './change-engine.ts';
import type { Applied } from './engine-outcome.ts';
import type { HostUnit } from './host-unit.ts';
import type { PairChange } from './kept-pair.ts';
import { refuseUnsafe } from './refuse-unsafe.ts';
import { freshUnit, takeBackInterrupted, withEngineLock } from './this-host.ts';
import { planEngineRenewal } from './write-host.ts';

export type RenewalOrder = Pick<ChangeTools, 'prove' | 'quorum' | 'swarmLock'> & {
  readonly config: string;
  readonly liveRestore: boolean;
  readonly pair: PairChange;
};

/** Has this machine's engine serve with a new pair, proven; or with the one that it had. Throws `HOST_…` and `FILE_UNSAFE`. */
export function renewEngine(unit: HostUnit, order: RenewalOrder, caller: EngineCaller): Promise<Applied> {
  const { config, liveRestore, pair, ...restart } = order;
  return withEngineLock(unit, caller, async () => {
    await takeBackInterrupted(await freshUnit(unit), config, caller);
    const text = readDaemonConfig(config)?.toString() ?? '';
    refuseUnsafe({ config, text, certsDirectory: nodePath.dirname(pair.engine.certificate) });
    const change = planEngineRenewal(await freshUnit(unit), { config, liveRestore, now: caller.now() });
    const { written: _, ...applied } = await changeEngine({ ...change, pair }, changeTools(restart, caller));
    return { restarted: true, ...applied };
  });
}
