import path from 'node:path';
import type { Entry } from '@docker-mtls/store';
import type { Args } from '../../args.ts';
import type { Report } from '../../command.ts';
import { configureDaemon, daemonOrder } from '../../configure-daemon.ts';
import type { DaemonOutcome } from '../../configure-daemon.ts';
import { copyPair, outFolder } from '../../copy-out.ts';
import { hasKey, requireCurrent } from '../../current-entry.ts';
import { daemonJson, daemonText, warningText } from '../../daemon-report.ts';
import type { Io } from '../../io.ts';
import { withSession } from '../../session.ts';
import type { Session } from '../../session.ts';
import { isEarlierBundle, packClient, writeBundle } from '../../write-bundle.ts';
import { bundlePlace } from './bundle-place.ts';
import { caStep } from './ca-step.ts';
import { nextCommands } from './next-commands.ts';
import { pairSteps } from './pair-steps.ts';
import { proofOf, proofStep } from './proof-step.ts';
import { stepText } from './step.ts';
import type { Step } from './step.ts';
import type { Wanted } from './wanted.ts';

export type SecureOrder = {
  readonly args: Args;
  readonly io: Io;
  readonly directory: string;
  readonly wanted: Wanted;
};

/** Makes what is missing, step by step, and proves the outcome where an engine can be reached. */
export async function applySecure(order: SecureOrder): Promise<Report> {
  const ca = await caStep({ ...order, keyType: order.wanted.server.keyType });
  return withSession(order.args, order.io, (session) => secure(order, session, ca));
}

async function secure(order: SecureOrder, session: Session, ca: Step): Promise<Report> {
  const { args, io, wanted } = order;
  const steps = [ca, ...(await pairSteps(session, [wanted.server, ...wanted.clients]))];
  const server = requireCurrent(session.reader, 'server', wanted.server.name);
  const clients = wanted.clients.map(({ name }) => requireCurrent(session.reader, 'client', name));
  const home = serverHome(args, io, server);
  const subject = { session, args, server, clients };
  const applying = proofOf({ ...subject, daemon: { written: false }, isHere: true });
  // Whoever must be asked for a passphrase is asked before the engine stops.
  if (args.flag('apply') === true) await session.authority();
  const daemon = await configureDaemon({ ...daemonOrder(args, io, home), prove: applying.prove }, io);
  steps.push(daemonStep(daemon));
  for (const client of clients) steps.push(bundleStep(args, io, client, clients.length > 1));
  const { step: proof, findings } = applying.last() ?? (await proofStep({ ...subject, daemon }));
  steps.push(proof);
  const next = nextCommands({ args, io, server, clients, daemon, proven: proof.outcome === 'proven' });
  return {
    json: { directory: order.directory, steps, warnings: daemonJson(daemon)['warnings'], findings, next },
    text: `${steps.map(stepText).join('')}${daemon.written ? daemonText(daemon) : warningText(daemon)}${next}`,
    exitCode: proof.outcome === 'disproven' ? 3 : 0,
  };
}

/** Where the engine finds the server's files: in the CA directory, unless `--out` has them elsewhere. */
function serverHome(args: Args, io: Io, server: Entry): string {
  const home = server.directory ?? '';
  const out = outFolder(args, io);
  if (out === undefined) return home;
  const file = (name: string): string => path.join(home, name);
  const key = hasKey(server) ? { key: file('server-key.pem') } : {};
  copyPair(
    out,
    { files: { ca: file('ca.pem'), certificate: file('server-cert.pem'), ...key } },
    { force: true, now: io.now() },
  );
  return out;
}

function daemonStep({ config, written, backup }: DaemonOutcome): Step {
  if (!written)
    return { step: 'daemon-config', outcome: 'kept', line: `${config} asks for client certificates` };
  const kept = backup === undefined ? 'there was none before' : `the old one is ${backup}`;
  return { step: 'daemon-config', outcome: 'made', line: `${config} written (${kept})` };
}

function bundleStep(args: Args, io: Io, client: Entry, several: boolean): Step {
  const { file, layout } = bundlePlace({ args, io, name: client.name, several });
  const written = writeBundle(file, packClient(client, layout), (old) => isEarlierBundle(old, client));
  return { step: 'bundle', outcome: written ? 'made' : 'kept', line: `bundle for ${client.name}: ${file}` };
}
