import type { EngineState } from './engine-state.ts';
import { HostError } from './host-error.ts';

/**
 * Refuses to restart a manager without which its swarm could decide nothing; `flag` would do it all the same. Throws
 * `HOST_SWARM`.
 */
export function refuseLostQuorum({ managers }: Pick<EngineState, 'managers'>, flag: string): void {
  if (managers === undefined) return;
  if (managers === 'no leader')
    throw new HostError(
      'HOST_SWARM',
      'the swarm of this engine has no leader, so it is unknown how many of its managers are left',
      { hint: `bring the other managers back first, or add ${flag}` },
    );
  const quorum = Math.floor(managers.all / 2) + 1;
  if (managers.reachable - 1 >= quorum) return;
  const left = `${managers.reachable - 1} of ${managers.all} managers`;
  throw new HostError(
    'HOST_SWARM',
    `while this engine restarts, its swarm has ${left}, and needs ${quorum}`,
    {
      hint: `bring the other managers back first, or add ${flag}: running services go on, but nothing new is scheduled`,
    },
  );
}

/**
 * Refuses to restart a manager of a swarm with autolock, or one that cannot tell: it comes back locked, and without the
 * unlock key it is lost. Throws `HOST_SWARM_LOCK`.
 */
export function refuseAutolock({ isAutolocked }: Pick<EngineState, 'isAutolocked'>, flag: string): void {
  if (isAutolocked === false) return;
  if (isAutolocked === undefined)
    throw new HostError(
      'HOST_SWARM_LOCK',
      'the swarm of this engine has no leader, so it is unknown whether a restart locks this manager (autolock)',
      {
        hint: `bring the other managers back first, or, with the unlock key at hand, add ${flag}, and run docker swarm unlock after the restart`,
      },
    );
  throw new HostError(
    'HOST_SWARM_LOCK',
    'this engine is a swarm manager with autolock: after a restart it is locked until the unlock key is entered',
    {
      hint: `get the key first (docker swarm unlock-key), then add ${flag}, and run docker swarm unlock after the restart`,
    },
  );
}
