import { reinstateServer } from '@docker-mtls/authority';
import type { EngineCaller } from '@docker-mtls/engine';
import type { Caller } from '@docker-mtls/errors';

/** On whose behalf an engine is changed, with a CA directory that can put a server's earlier pair in force again. */
export function engineCaller(caller: Caller): EngineCaller {
  return { ...caller, reinstate: (record) => reinstateServer(record, caller) };
}
