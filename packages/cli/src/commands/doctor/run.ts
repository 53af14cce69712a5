import { diagnose, failsAt, parseDoctorTarget, parseTargets, toJunit, toSarif } from '@docker-mtls/doctor';
import type { Diagnosis, DoctorOrder, DoctorTarget, FailOn } from '@docker-mtls/doctor';
import { caDirectory } from '../../ca/ca-directory.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { patienceOf } from '../../command-line/patience.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { VERSION } from '../../command-line/version.ts';
import { engineOf } from '../../engine/engine-order.ts';
import type { Io } from '../../io/io.ts';
import { withKnown } from './client-here.ts';
import type { KnownHere } from './client-here.ts';
import { fixAll } from './fix.ts';
import type { Fixed } from './fix.ts';
import { diagnosesText, fixedText } from './print.ts';
import { readList } from './read-list.ts';

const FAILED = 1;
const FOUND = 3;

/** Looks at the targets. Exit code 3: something was found; 1: a target could not be checked. */
export async function run(args: Args, io: Io): Promise<Report> {
  if (args.flag('json') === true && args.text('format') !== undefined)
    throw new UsageError('--format and --json were both given', 'omit one of them');
  const failOn = (args.text('fail-on') ?? 'warning') as FailOn;
  const targets = targetsOf(args, io);
  const patienceMs = patienceOf(args);
  const look = (): Promise<readonly Diagnosis[]> =>
    withKnown(args, io, (known) => diagnose(orderOf(args, io, { targets, patienceMs, known })));
  if (args.flag('fix') !== true) return reportOf(args, { diagnoses: await look(), failOn });
  if (targets.some(({ kind }) => kind !== 'local'))
    throw new UsageError('--fix is for this machine alone', 'omit the other targets');
  const fixed = await fixAll(await look(), args, io);
  return reportOf(args, { diagnoses: await look(), failOn, fixed });
}

function targetsOf(args: Args, io: Io): readonly DoctorTarget[] {
  const file = args.text('targets');
  const named = args.list('target').map((text) => parseDoctorTarget(text));
  const listed = file === undefined ? [] : parseTargets(readList(file, io));
  const targets = [...named, ...listed];
  if (file !== undefined && targets.length === 0)
    throw new UsageError(`${file} names no target`, 'write tcp://HOST:PORT on a line of its own');
  return targets.length === 0 ? [parseDoctorTarget('local')] : targets;
}

type Wanted = {
  readonly targets: readonly DoctorTarget[];
  readonly patienceMs: number;
  readonly known: KnownHere;
};

function orderOf(args: Args, io: Io, { targets, patienceMs, known }: Wanted): DoctorOrder {
  const { client, roots, newerThan } = known;
  return {
    targets,
    engine: engineOf(args, io),
    caDirectory: caDirectory(args, io),
    folder: io.cwd,
    client,
    roots,
    newerThan,
    dockerFolder: dockerFolder(io),
    env: io.env,
    patienceMs,
    now: io.now,
    onDone: (done, of) => io.progress?.(`checked ${done} of ${of}…`, { done, of }),
  };
}

type Result = {
  readonly diagnoses: readonly Diagnosis[];
  readonly failOn: FailOn;
  /** What was fixed first; missing without --fix. */
  readonly fixed?: readonly Fixed[];
};

function reportOf(args: Args, { diagnoses, failOn, fixed }: Result): Report {
  const json = { targets: diagnoses, failOn, ...(fixed && { fixed }) };
  const isText = (args.text('format') ?? 'text') === 'text';
  const text = `${isText ? fixedText(fixed ?? []) : ''}${textOf(args, diagnoses, failOn)}`;
  return { json, text, exitCode: exitCodeOf(diagnoses, failOn) };
}

function textOf(args: Args, diagnoses: readonly Diagnosis[], failOn: FailOn): string {
  switch (args.text('format')) {
    case 'sarif':
      return `${JSON.stringify(toSarif(diagnoses, VERSION), undefined, 2)}\n`;
    case 'junit':
      return toJunit(diagnoses, failOn);
    default:
      return diagnosesText(diagnoses, failOn);
  }
}

function exitCodeOf(diagnoses: readonly Diagnosis[], failOn: FailOn): number {
  if (diagnoses.some(({ found }) => found.some((each) => failsAt(failOn, each)))) return FOUND;
  return diagnoses.some(({ failed }) => failed !== undefined) ? FAILED : 0;
}
