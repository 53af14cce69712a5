import path from 'node:path';
import { hasCa, withSession } from '@docker-mtls/authority';
import type { PairOrder } from '@docker-mtls/authority';
import type { StoreReader } from '@docker-mtls/ca-directory';
import type { DaemonOutcome } from '@docker-mtls/engine';
import { checkFolder } from '@docker-mtls/files';
import { engineCaller } from './engine/engine-caller.ts';
import type { SecureOrder } from './order.ts';
import { plannedDaemon } from './planned-daemon.ts';
import { pairOrders, refuseImpossible } from './refuse.ts';
import type { CaStep, PairStep } from './step.ts';
import { whyIssue } from './why-issue.ts';

/** What would be made and changed. A plan is refused where one of its steps would be. */
export type Plan = {
  readonly order: SecureOrder;
  /** The CA, the server's pair, then the clients'. */
  readonly steps: readonly [CaStep, ...(readonly PairStep[])];
  /** The engine's configuration, as it would be written. */
  readonly daemon: DaemonOutcome;
};

/**
 * Plans everything from a CA to the engine's configuration. Nothing is written, and no passphrase is asked for. A plan
 * that is to be carried out waits for another docker-mtls at this engine, and needs a folder that it can write to; any
 * user may look at one that is `dry`. Codes: those of every step.
 */
export async function planSecure(
  order: SecureOrder,
  { dry = false }: { readonly dry?: boolean } = {},
): Promise<Plan> {
  const { access, engine } = order;
  const waiting = dry ? undefined : engineCaller(access.caller);
  const isThere = await hasCa(access.directory);
  const planned = async (reader?: StoreReader): Promise<Plan> => {
    const daemon = await plannedDaemon(order, reader, waiting);
    if (!dry) checkFolder(path.dirname(engine.engine.config));
    await refuseImpossible(order, reader);
    const pairs: PairStep[] = [];
    for (const pair of pairOrders(order)) pairs.push(await plannedPair(pair, reader, access.caller.now()));
    const ca = { step: 'ca', outcome: isThere ? 'kept' : 'planned', directory: access.directory } as const;
    return { order, steps: [ca, ...pairs], daemon };
  };
  return isThere ? withSession(access, ({ reader }) => planned(reader)) : planned();
}

async function plannedPair(order: PairOrder, reader: StoreReader | undefined, now: Date): Promise<PairStep> {
  const { kind: step, name } = order;
  const entry = await reader?.current(step, name);
  const why = whyIssue(order, entry, now);
  return entry !== undefined && why === undefined
    ? { step, name, outcome: 'kept', notAfter: entry.notAfter }
    : { step, name, outcome: 'planned', why: why ?? { kind: 'missing' } };
}
