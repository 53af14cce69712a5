import { setTimeout } from 'node:timers/promises';
import { RegistryError } from '../src/index.ts';
import type { Registry } from '../src/index.ts';
import { readerOf } from './memory-reader.ts';
import { copyOf } from './memory-state.ts';
import type { State } from './memory-state.ts';
import { writerOf } from './memory-writer.ts';

// The simplest registry that keeps what the port says: each change works on a copy of all, which then takes its place.

/** Where registries of one CA are. */
export type Place = { state: State; holder: object | undefined };

const NEWEST = 1;

export function emptyPlace(): Place {
  return {
    holder: undefined,
    state: {
      schema: 0,
      certificates: [],
      authorities: [],
      revocations: [],
      lists: [],
      listNumbers: new Map(),
      rootsDue: false,
      unfinished: [],
      failures: [],
      hooks: [],
      copyFolders: [],
      events: [],
    },
  };
}

export function openMemoryRegistry(place: Place): Registry {
  const own = {};
  let turn: Promise<unknown> = Promise.resolve();
  const transact: Registry['transact'] = (work) => {
    const result = turn.then(async () => {
      const draft = copyOf(place.state);
      const done = await work({ ...readerOf(() => draft), ...writerOf(draft) });
      place.state = draft;
      return done;
    });
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    ...readerOf(() => place.state),
    lock: async ({ patience = 60_000, noticeAfter = 500, onWait } = {}) => {
      const begun = performance.now();
      let isTold = false;
      while (place.holder !== undefined && place.holder !== own) {
        const waited = performance.now() - begun;
        if (waited >= patience) throw new RegistryError('REGISTRY_BUSY', 'held by another', { hint: 'wait' });
        if (waited >= noticeAfter && !isTold) onWait?.();
        isTold ||= waited >= noticeAfter;
        await setTimeout(2);
      }
      place.holder = own;
    },
    transact,
    migrate: async (also) => {
      const from = place.state.schema;
      if (from === NEWEST) return;
      await transact(async (change) => {
        await also?.(change, from);
      });
      place.state.schema = NEWEST;
    },
    damage: async () => undefined,
    close: async () => {
      if (place.holder === own) place.holder = undefined;
    },
  };
}
