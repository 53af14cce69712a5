import { formatSubjectAltName, readCertificate } from '@docker-mtls/ca';
import type { CertificateInfo } from '@docker-mtls/ca';
import { unlessRefused } from '@docker-mtls/errors';
import { counted, moment, someOf } from '@docker-mtls/text';
import type { Asked, CheckOutcome, CheckSubject, CheckVerdict } from '@docker-mtls/secure';
import { checkEngine } from '@docker-mtls/secure/check';
import { detailLines } from '@docker-mtls/secure/proof';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { patienceOf } from '../../command-line/patience.ts';
import type { Io } from '../../io/io.ts';
import { withNumbers } from '../../printing/finding-number.ts';
import { proofJson } from '../../engine/proof-json.ts';
import { findSubjects } from './find-subject.ts';

/** Proves engines as `secure` does in the end, and changes nothing: nothing is issued for it, either. */
export async function run(args: Args, io: Io): Promise<Report> {
  const patienceMs = patienceOf(args);
  const { subjects, unchecked } = await findSubjects(args, io);
  const checked: Checked[] = [];
  for (const subject of subjects) checked.push({ subject, ...(await checkEngine(subject, patienceMs)) });
  return reportOf(checked, unchecked);
}

type Checked = CheckOutcome & { readonly subject: CheckSubject };

function reportOf(checked: readonly Checked[], unchecked: readonly string[]): Report {
  const verdict = VERDICTS.find((each) => checked.some((one) => one.verdict === each)) ?? 'secured';
  const asked = checked.flatMap((each) => each.asked);
  const findings = [
    ...asked.flatMap(({ place, proof }) => proof.findings.map((each) => ({ address: place.label, ...each }))),
    ...checked.flatMap(({ subject }) => subject.files),
  ];
  const numbered = withNumbers('listeners', withNumbers('authorization', findings, idOf), idOf);
  const certificates = checked.flatMap((each) => certificateOf(each.asked) ?? []);
  const json = {
    engine: checked.map(({ subject }) => subject.engine).join(', '),
    verdict,
    ...(certificates.length > 0 && validityOf(certificates)),
    unresolved: checked.flatMap(({ subject }) => subject.unresolved),
    unchecked: [...unchecked, ...checked.flatMap(unaskedOf)],
    ...proofJson({ asked, findings: numbered }),
  };
  const left = unchecked.map((each) => `not checked: ${each} (docker-mtls doctor looks at it)\n`);
  return { json, text: [...checked.map(textOf), ...left].join(''), exitCode: EXIT_CODES[verdict] };
}

/** The worst comes first. */
const VERDICTS: readonly CheckVerdict[] = ['not secured', 'unreachable', 'secured'];

/** Until when all are valid, and all names. */
function validityOf(certificates: readonly CertificateInfo[]): {
  readonly notAfter: string;
  readonly names: readonly string[];
} {
  const ends = certificates.map(({ notAfter }) => notAfter.getTime());
  return {
    notAfter: new Date(Math.min(...ends)).toISOString(),
    names: [...new Set(certificates.flatMap(valuesOf))],
  };
}

const EXIT_CODES: Readonly<Record<CheckVerdict, number>> = { secured: 0, unreachable: 1, 'not secured': 3 };
const HEADLINES: Readonly<Record<CheckVerdict, string>> = {
  secured: 'secured',
  unreachable: 'no connection',
  'not secured': 'NOT secured',
};

function textOf(one: Checked): string {
  const { engine, files, unresolved } = one.subject;
  const { asked, verdict } = one;
  const reached = asked.filter(({ proof }) => proof.verdict !== 'unreachable');
  const absent = asked.filter(({ proof }) => proof.verdict === 'unreachable');
  const missing = absent.filter(({ place }) => verdict === 'unreachable' || place.claim !== 'maybe');
  const details = detailLines({ asked: reached, missing, files, unresolved });
  const headline = `${engine}: ${HEADLINES[verdict]}\n${certificateLines(certificateOf(asked))}`;
  const unasked = unaskedOf(one).map((each) => `not checked: ${each} (check them by names of their own)\n`);
  return `${headline}${details}${unasked.join('')}${nextLine(verdict, asked)}`;
}

/** With addresses that were not asked, an engine is not secured as far as is known. */
function unaskedOf({ subject: { engine }, unasked }: Checked): readonly string[] {
  return unasked === 0 ? [] : [`${counted(unasked, 'more address', 'more addresses')} of ${engine}`];
}

function nextLine(verdict: CheckVerdict, asked: readonly Asked[]): string {
  if (verdict === 'unreachable')
    return 'next: check that the engine runs, and that its name and port are right\n';
  const isSlow = asked.some(({ proof }) => proof.probes.some(({ outcome }) => outcome.kind === 'silent'));
  return isSlow ? 'next: wait longer, for example with --timeout 20s, if the engine is only slow\n' : '';
}

function idOf({ id }: { readonly id: string }): string {
  return id;
}

/** What the engine presented, the first time. */
function certificateOf(asked: readonly Asked[]): CertificateInfo | undefined {
  const [presented] = asked.flatMap(({ proof }) =>
    proof.probes.flatMap(({ outcome }) => outcome.presented ?? []),
  );
  return unlessRefused(() => presented && readCertificate(presented.der).info);
}

function certificateLines(info: CertificateInfo | undefined): string {
  if (info === undefined) return '';
  const names = info.sans.length === 0 ? 'none' : someOf(info.sans.map(formatSubjectAltName));
  return `    valid until ${moment(info.notAfter)}, under the names ${names}\n`;
}

function valuesOf({ sans }: CertificateInfo): readonly string[] {
  return sans.map(({ value }) => value);
}
