import {
  folderOf,
  inPlace,
  refuseOutOfDate,
  requireCurrent,
  requireServerKey,
  warnDue,
} from '@docker-mtls/authority';
import {
  applyEngine,
  configureEngine,
  planEngine,
  recoverEngine,
  restartWords,
  sanValues,
} from '@docker-mtls/engine';
import type { DaemonOutcome } from '@docker-mtls/engine';
import { MtlsError } from '@docker-mtls/errors';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { clientsOrder, configurationOrder } from '@docker-mtls/secure/engine';
import { servedServer } from '@docker-mtls/secure/engine';
import { applyProof } from '@docker-mtls/secure/proof';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { daemonJson, daemonText } from '../../engine/daemon-report.ts';
import type { Io } from '../../io/io.ts';
import { engineCallerOf, engineOf, engineOrder, swarmOf } from '../../engine/engine-order.ts';
import { serverNameOf } from '../../command-line/order.ts';
import { withCliSession } from '../../ca/session.ts';
import { proofJson } from '../../engine/proof-json.ts';
import { stepText } from '../../engine/step-report.ts';

/** Merges mutual TLS into daemon.json. */
export async function run(args: Args, io: Io): Promise<Report> {
  const isDry = args.flag('dry-run') === true;
  const caller = engineCallerOf(io);
  if (!isDry) await recoverEngine(engineOf(args, io), caller);
  return withCliSession(args, io, async (session) => {
    const named = await serverOf(args, io, session.reader);
    const server = isDry ? named : await inPlace(session, named);
    refuseOutOfDate(server, io.now());
    warnDue(session.caller, [...(await session.reader.entries({ kind: 'ca' })), server]);
    if (args.text('certs-dir') === undefined) requireServerKey(server);
    const { reader } = session;
    const engine = await engineOrder(args, io);
    const { listen } = engine;
    const names = sanValues(server.certificate());
    const order = {
      ...configurationOrder(engine, homeOf(args, server)),
      clients: await clientsOrder({ insistence: engine.cutOff, reader, now: io.now() }, names),
    };
    const isApplied = args.flag('apply') === true && !isDry;
    const proof = isApplied
      ? await applyProof(session, async () => ({
          server,
          listens: listen,
          config: engine.engine.config,
          own: io.machine().addresses,
        }))
      : undefined;
    const outcome = await (isDry
      ? planEngine(order)
      : proof === undefined
        ? configureEngine(order, caller)
        : applyEngine(order, { prove: proof.prove, ...swarmOf(args) }, caller));
    const needsRestart = outcome.written && outcome.applied === undefined;
    const next = needsRestart ? `next: ${restartWords(outcome.engine)}\n` : pairNote(outcome, isDry);
    const proved = proof?.last();
    const shown = proved === undefined ? '' : stepText(proved.step);
    return {
      json: { ...daemonJson(outcome), ...(proved && proofJson(proved)) },
      text: daemonText(outcome) + shown + next,
    };
  });
}

/** Files that are the same by name may be new since the engine has read them. */
function pairNote({ written, applied, engine }: DaemonOutcome, isDry: boolean): string {
  if (written || isDry || applied !== undefined) return '';
  return `if the pair or ca.pem changed since the engine started: ${restartWords(engine)}\n`;
}

/** With --certs-dir, the user may have moved the files there. */
function homeOf(args: Args, server: Entry): string {
  return args.text('certs-dir') === undefined ? folderOf(server) : (server.directory ?? '');
}

/** The server that was named, or the only one there is, or the one whose pair daemon.json names. */
async function serverOf(args: Args, io: Io, reader: StoreReader): Promise<Entry> {
  const named = args.text('server');
  if (named !== undefined) return requireCurrent(reader, 'server', serverNameOf(named));
  const servers = await reader.entries({ kind: 'server' });
  const [only] = servers;
  if (only !== undefined && servers.length === 1) return only;
  const served = servers.length === 0 ? undefined : await servedServer(engineOf(args, io).config, reader);
  if (served !== undefined) return requireCurrent(reader, 'server', served);
  const message =
    servers.length === 0 ? 'no server pair was issued yet' : `there are ${servers.length} servers`;
  const names = servers.map(({ name }) => name).join(', ');
  const hint = servers.length === 0 ? 'docker-mtls issue-server NAME' : `name one with --server: ${names}`;
  throw new MtlsError('SERVER_UNCLEAR', message, { hint });
}
