import path from 'node:path';
import { rememberCopies, requireCurrent, withSession } from '@docker-mtls/authority';
import type { Session } from '@docker-mtls/authority';
import type { Entry } from '@docker-mtls/ca-directory';
import { applyEngine, configureEngine, recoverEngine } from '@docker-mtls/engine';
import type { DaemonOutcome } from '@docker-mtls/engine';
import { clientsOrder } from './engine/cut-off-order.ts';
import { engineCaller } from './engine/engine-caller.ts';
import { ensureCa } from './ensure-ca.ts';
import { handOut } from './hand-out.ts';
import { issueMissing } from './issue-missing.ts';
import { configurationOrder } from './engine/engine-order.ts';
import type { SecureOrder } from './order.ts';
import type { Plan } from './plan.ts';
import { plannedNames } from './planned-daemon.ts';
import { proofOf, proofStep } from './proof/proof-step.ts';
import type { Proved, ProofSubject } from './proof/proof-step.ts';
import { isElsewhere, serverHome } from './server-home.ts';
import { serverRenewal } from './server-renewal.ts';
import type { ServerRenewal } from './server-renewal.ts';
import { daemonStep } from './step.ts';
import type { CaStep, Step } from './step.ts';

/** What a plan has become. */
export type Secured = {
  /** In the order in which people read them: the CA, pairs, daemon.json, archives, the proof. */
  readonly steps: readonly Step[];
  readonly daemon: DaemonOutcome;
  readonly proved: Proved;
  /** Is the engine on another machine for certain? */
  readonly isElsewhere: boolean;
  /** The certificates that this rests on. */
  readonly authorities: readonly Entry[];
  readonly server: Entry;
  readonly clients: readonly Entry[];
};

/**
 * Carries a plan out: makes what is missing, writes the engine's configuration, hands out archives, and proves the
 * outcome where an engine answers. With `restart`, the engine is restarted with it, or everything is put back. Each step
 * looks again: what another run has done since the plan was made is kept.
 */
export async function applySecure(
  { order }: Plan,
  { restart = false }: { readonly restart?: boolean } = {},
): Promise<Secured> {
  const { access, engine, newCa } = order;
  const { caller, directory } = access;
  await recoverEngine(engine.engine, engineCaller(caller));
  const ca = await ensureCa({ directory, ...newCa }, caller);
  return withSession({ ...access, made: ca.authority }, (session) =>
    secure({ order, session, restart }, ca.step),
  );
}

type Run = { readonly order: SecureOrder; readonly session: Session; readonly restart: boolean };

async function secure(run: Run, ca: CaStep): Promise<Secured> {
  const { order, session, restart } = run;
  const { reader } = session;
  const pairs = order.clients.map(({ pair }) => pair);
  const renewal = restart ? await serverRenewal(order, session) : undefined;
  const made = await issueMissing(session, renewal === undefined ? [order.server, ...pairs] : pairs);
  const clients: Entry[] = [];
  for (const { name } of pairs) clients.push(await requireCurrent(reader, 'client', name));
  const { daemon, proved: atRestart } = await changeDaemon(run, { renewal, clients });
  const server = await serverOf(run);
  const elsewhere = isElsewhere(order.engine.certsDirectory, server);
  const place = elsewhere ? 'elsewhere' : undefined;
  const listens = order.engine.listen;
  const renewed = renewal === undefined ? [] : [await renewal.step()];
  const archives = order.clients.flatMap(({ bundle }, index) => {
    const client = clients[index];
    return client === undefined ? [] : [handOut({ client, server, listens }, bundle)];
  });
  for (const { file } of archives) await rememberCopies(session, path.dirname(file));
  const proved = atRestart ?? (await proofStep({ ...(await subjectOf(run, clients)), daemon, place }));
  return {
    steps: [ca, ...renewed, ...made, daemonStep(daemon), ...archives, proved.step],
    daemon,
    proved,
    isElsewhere: elsewhere,
    authorities: await reader.entries({ kind: 'ca' }),
    server,
    clients,
  };
}

type Pairs = { readonly renewal: ServerRenewal | undefined; readonly clients: readonly Entry[] };

/** Writes the configuration; with a restart, also proves it. */
async function changeDaemon(
  run: Run,
  { renewal, clients }: Pairs,
): Promise<{ readonly daemon: DaemonOutcome; readonly proved: Proved | undefined }> {
  const { order, session, restart } = run;
  const { engine, out, server } = order;
  const { caller, reader } = session;
  const home = renewal?.home ?? serverHome(out, await serverOf(run), caller);
  const proof = proofOf(async () => ({
    ...(await subjectOf(run, clients)),
    daemon: { written: false },
    place: 'here',
  }));
  // A passphrase is asked for before the engine stops.
  if (restart) await session.authority();
  const cutOff = { insistence: engine.cutOff, reader, now: caller.now() };
  const configuration = {
    ...configurationOrder(engine, home),
    clients: await clientsOrder(cutOff, await plannedNames(server, reader)),
    ...renewal?.order,
  };
  const { quorum, swarmLock } = engine;
  const change = { prove: proof.prove, quorum, swarmLock, ...(renewal && { pair: renewal.pair }) };
  const daemon = await (restart
    ? applyEngine(configuration, change, engineCaller(caller))
    : configureEngine(configuration, engineCaller(caller)));
  return { daemon, proved: proof.last() };
}

async function subjectOf(run: Run, clients: readonly Entry[]): Promise<Omit<ProofSubject, 'daemon'>> {
  const { session, order } = run;
  const { engine, own } = order;
  const server = await serverOf(run);
  return { session, own, listens: engine.listen, server, clients, config: engine.engine.config };
}

function serverOf({ order, session }: Run): Promise<Entry> {
  return requireCurrent(session.reader, 'server', order.server.name);
}
