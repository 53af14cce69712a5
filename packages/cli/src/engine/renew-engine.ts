import type { ChangeTools, PairChange } from '@docker-mtls/engine';
import type { Applied } from './daemon-outcome.ts';
import type { Io } from '../io/io.ts';
import { changeTools, recover, withLock } from './this-host.ts';
import type { ThisHost } from './this-host.ts';

export type RenewOrder = Pick<ChangeTools, 'prove' | 'quorum'> & {
  readonly config: string;
  readonly liveRestore: boolean;
  readonly pair: PairChange;
};

/** Has this machine's engine serve with a new pair, proven; or with the one that it had. Throws `HOST_…`. */
export function renewEngine(order: RenewOrder, io: Io, host: ThisHost): Promise<Applied> {
  const { config, liveRestore, pair, prove, quorum } = order;
  return withLock(host, io, async () => {
    await recover(host, config, io);
    const unit = await host.reread();
    const change = host.code.planRenewal(unit, { config, liveRestore, now: io.now() });
    const { stopped } = await host.code.changeEngine({ ...change, pair }, changeTools({ prove, quorum }, io));
    return { restarted: true, stopped };
  });
}
