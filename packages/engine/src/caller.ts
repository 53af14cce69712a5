import type { Caller } from '@docker-mtls/errors';
import type { ChangeTools } from './change-engine.ts';
import type { Reinstate } from './kept-pair.ts';

/** On whose behalf an engine is changed; and who puts a server's earlier pair in force again, where a change fails. */
export type EngineCaller = Caller & { readonly reinstate: Reinstate };

/** What a change of the engine needs. */
export function changeTools(
  own: Pick<ChangeTools, 'prove' | 'quorum' | 'swarmLock'>,
  caller: EngineCaller,
): ChangeTools {
  return { ...own, note: noteFor(caller), now: caller.now, reinstate: caller.reinstate };
}

/** Hands a line to the caller. */
export function noteFor({ note }: Caller): (line: string) => void {
  return (message) => note?.({ kind: 'info', message });
}
