import { requireCurrent } from '@docker-mtls/authority';
import type { Entry } from '@docker-mtls/ca-directory';
import type { Report } from '../../command-line/command.ts';
import { applyEngine, configureEngine, recoverEngine } from '@docker-mtls/engine';
import { daemonJson, daemonText, warningText } from '../../engine/daemon-report.ts';
import { noteDue } from '../../ca/note-due.ts';
import { clientsOrder } from '../../engine/cut-off-order.ts';
import { configurationOrder, engineCaller, engineOf, swarmOf } from '../../engine/engine-order.ts';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import { bundlePlace } from './bundle-place.ts';
import { bundleStep } from './bundle-step.ts';
import { caStep } from './ca-step.ts';
import { daemonStep } from './daemon-step.ts';
import { nextCommands, nextText } from './next-commands.ts';
import { plannedNames } from './planned-daemon.ts';
import { pairSteps } from './pair-steps.ts';
import { proofOf, proofStep } from './proof-step.ts';
import { proofJson } from './proof-text.ts';
import type { ProofSubject } from './proof-step.ts';
import { isElsewhere } from './is-elsewhere.ts';
import type { SecureOrder } from './secure-order.ts';
import { serverHome } from './server-home.ts';
import { serverRenewal } from './server-renewal.ts';
import { stepText } from './step.ts';
import type { Step } from './step.ts';

/** Makes what is missing, step by step, and proves the outcome where an engine can be reached. */
export async function applySecure(order: SecureOrder): Promise<Report> {
  await recoverEngine(engineOf(order.args, order.io), engineCaller(order.io));
  const ca = await caStep({ ...order, keyType: order.wanted.server.keyType });
  return withCliSession(order.args, order.io, (session) => secure(order, session, ca.step), ca.authority);
}

async function secure(order: SecureOrder, session: CliSession, ca: Step): Promise<Report> {
  const { args, io, wanted } = order;
  const renewal = await serverRenewal(order, session);
  const early = renewal === undefined ? [wanted.server, ...wanted.clients] : wanted.clients;
  const made = await pairSteps(session, early);
  const clients: Entry[] = [];
  for (const { name } of wanted.clients) clients.push(await requireCurrent(session.reader, 'client', name));
  const home = renewal?.home ?? serverHome(args, io, await serverOf(order, session));
  const subject = async (): Promise<Omit<ProofSubject, 'daemon'>> => ({
    session,
    listens: order.listen,
    server: await serverOf(order, session),
    clients,
    config: engineOf(args, io).config,
  });
  const applying = proofOf(async () => ({
    ...(await subject()),
    daemon: { written: false },
    place: 'here',
  }));
  const isApplied = args.flag('apply') === true;
  // A passphrase is asked for before the engine stops.
  if (isApplied) await session.authority();
  const names = await plannedNames(wanted.server, session.reader);
  const configuration = {
    ...configurationOrder(args, io, { home, listen: order.listen }),
    clients: await clientsOrder(args, io, { names, reader: session.reader }),
    ...renewal?.order,
  };
  const restart = { prove: applying.prove, ...swarmOf(args), ...(renewal && { pair: renewal.pair }) };
  const daemon = await (isApplied
    ? applyEngine(configuration, restart, engineCaller(io))
    : configureEngine(configuration, engineCaller(io)));
  const server = await serverOf(order, session);
  const place = isElsewhere(args, server) ? 'elsewhere' : undefined;
  const steps = [ca, ...(renewal === undefined ? [] : [await renewal.step()]), ...made, daemonStep(daemon)];
  for (const client of clients)
    steps.push(
      bundleStep({ client, server, listens: order.listen }, bundlePlace({ args, io, name: client.name })),
    );
  const proved = applying.last() ?? (await proofStep({ ...(await subject()), daemon, place }));
  const { step: proof } = proved;
  steps.push(proof);
  noteDue(io, [...(await session.reader.entries({ kind: 'ca' })), server, ...clients]);
  const proven = proof.outcome === 'proven';
  const next = nextCommands({
    listens: order.listen,
    io,
    server,
    clients,
    daemon,
    proven,
    elsewhere: place === 'elsewhere',
  });
  return {
    json: {
      directory: order.directory,
      steps,
      warnings: daemonJson(daemon)['warnings'],
      ...proofJson(proved),
      next,
    },
    text: `${steps.map(stepText).join('')}${daemon.written ? daemonText(daemon) : warningText(daemon)}${nextText(next)}`,
    exitCode: proof.outcome === 'disproven' ? 3 : 0,
  };
}

function serverOf({ wanted }: SecureOrder, { reader }: CliSession): Promise<Entry> {
  return requireCurrent(reader, 'server', wanted.server.name);
}
