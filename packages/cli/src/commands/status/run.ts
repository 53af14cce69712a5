import path from 'node:path';
import { found, lockedSwarms, rootlessStartFindings, status, statusVerdict } from '@docker-mtls/doctor';
import type { FoundFinding, Status, StatusVerdict } from '@docker-mtls/doctor';
import { restartWords } from '@docker-mtls/engine';
import { MtlsError } from '@docker-mtls/errors';
import { PUBLIC_FILE, readFileIfExists, replaceFile } from '@docker-mtls/files';
import { caDirectory } from '../../ca/ca-directory.ts';
import { findingInCa } from '../../ca/hint-in-ca.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { engineOf } from '../../engine/engine-order.ts';
import { enginesHere } from '../../engine/engines-here.ts';
import type { Io } from '../../io/io.ts';
import { dockerFolderIfAny } from '../../client/docker-folder.ts';
import { asPrometheus, isMetrics } from './prometheus.ts';
import { statusJson, statusText } from './report.ts';

const EXIT_CODES: Readonly<Record<StatusVerdict, number>> = {
  'nothing-to-do': 0,
  'not-everything-seen': 1,
  'something-to-do': 3,
};

/** What there is to do about a CA, this machine's engine and the copies of pairs. */
export async function run(args: Args, io: Io): Promise<Report> {
  const output = outputOf(args, io);
  const now = io.now();
  const engine = engineOf(args, io);
  const seen = await status({
    directory: caDirectory(args, io),
    engines: await enginesHere(args, io),
    restart: restartWords(engine),
    docker: dockerFolderIfAny(io),
    folder: io.cwd,
    now,
  });
  const findings = [
    ...seen.findings,
    ...(seen.ca === undefined ? missingCa(args, io) : []),
    ...(await rootlessStartFindings(engine)),
    ...(await lockedSwarms(engine)),
  ];
  const hinted = findings.map((each) => findingInCa(each, args));
  const sorted = { ...seen, findings: bySeverity(hinted) };
  return { ...reportOf(sorted, { args, output, now }), exitCode: EXIT_CODES[statusVerdict(sorted)] };
}

function outputOf(args: Args, io: Io): string | undefined {
  const isForMonitors = args.text('format') === 'prometheus';
  if (isForMonitors && args.flag('json') === true)
    throw new UsageError('--format prometheus and --json were both given', 'omit one of them');
  const output = args.text('output');
  if (output === undefined) return undefined;
  if (!isForMonitors) throw new UsageError('-o is for --format prometheus', 'add it, or omit -o');
  const file = path.resolve(io.cwd, output);
  refuseOtherThanMetrics(file);
  return file;
}

/** A device, or a file that was not written by this command: it may be the registry itself. */
function refuseOtherThanMetrics(file: string): void {
  const text = readFileIfExists(file)?.toString('utf8') ?? '';
  if (text === '' || isMetrics(text)) return;
  throw new MtlsError('OUT_EXISTS', `${file} exists, and does not hold metrics of docker-mtls`, {
    hint: 'name another file with -o',
  });
}

/** Most machines have no CA, but one that was named should be there. */
function missingCa(args: Args, io: Io): readonly FoundFinding[] {
  if (args.text('ca-dir') === undefined && !io.env['DOCKER_MTLS_CA_DIR']) return [];
  const subject = caDirectory(args, io);
  const hint = 'correct --ca-dir or $DOCKER_MTLS_CA_DIR, or make one with docker-mtls init-ca';
  return [found('host', 'not-seen', { subject, message: 'there is no CA in it', hint })];
}

type Printing = { readonly args: Args; readonly output: string | undefined; readonly now: Date };

function reportOf(seen: Status, { args, output, now }: Printing): Report {
  const json = statusJson(seen, statusVerdict(seen));
  if (args.text('format') !== 'prometheus') return { json, text: statusText(seen, now) };
  const text = asPrometheus(seen, now);
  if (output === undefined) return { json, text };
  // Its reader is another user, and must never see half of it.
  replaceFile(output, text, PUBLIC_FILE);
  return { json, text: `${output}\n` };
}

const URGENCY: Readonly<Record<FoundFinding['severity'], number>> = { error: 0, warning: 1, note: 2 };

function bySeverity(findings: readonly FoundFinding[]): readonly FoundFinding[] {
  return findings.toSorted((one, other) => URGENCY[one.severity] - URGENCY[other.severity]);
}
