import { hasCa } from '@docker-mtls/authority';
import type { PairOrder } from '@docker-mtls/authority';
import type { DaemonOutcome } from '@docker-mtls/engine';
import type { StoreReader } from '@docker-mtls/ca-directory';
import type { Report } from '../../command-line/command.ts';
import { daemonJson, daemonText } from '../../engine/daemon-report.ts';
import { withCliSession } from '../../ca/session.ts';
import { moment } from '@docker-mtls/text';
import type { SecureOrder } from './secure-order.ts';
import { plannedDaemon } from './planned-daemon.ts';
import { stepText } from './step.ts';
import type { Step } from './step.ts';
import { whyIssue } from './wanted.ts';

/** What `secure` would make and change. Nothing is written, and no passphrase is asked for. */
export async function previewSecure(order: SecureOrder): Promise<Report> {
  const { args, io, directory, wanted } = order;
  const pairs = [wanted.server, ...wanted.clients];
  const isThere = await hasCa(directory);
  const ca = caStep(directory, isThere);
  const plan = async (reader?: StoreReader): Promise<readonly Step[]> => {
    const steps = [ca];
    for (const pair of pairs) steps.push(await pairStep(pair, reader, io.now()));
    return steps;
  };
  const steps = isThere ? await withCliSession(args, io, ({ reader }) => plan(reader)) : await plan();
  const daemon = await plannedDaemon(order);
  return {
    json: { directory, steps, ...previewJson(daemon) },
    text: steps.map(stepText).join('') + daemonText(daemon),
  };
}

function previewJson(daemon: DaemonOutcome): Record<string, unknown> {
  const { changes, warnings, diff } = daemonJson(daemon);
  return { changes, warnings, diff };
}

function caStep(directory: string, exists: boolean): Step {
  return exists
    ? { step: 'ca', outcome: 'kept', line: `CA in ${directory}` }
    : { step: 'ca', outcome: 'planned', line: `a CA would be made in ${directory}` };
}

async function pairStep(order: PairOrder, reader: StoreReader | undefined, now: Date): Promise<Step> {
  const { kind, name } = order;
  const entry = await reader?.current(kind, name);
  const why = whyIssue(order, entry, now);
  return entry !== undefined && why === undefined
    ? { step: kind, outcome: 'kept', line: `${kind} ${name}, valid until ${moment(entry.notAfter)}` }
    : { step: kind, outcome: 'planned', line: `${kind} ${name} would be issued (${why})` };
}
