import { readCertificate } from '@docker-mtls/ca';
import type { CertificateInfo } from '@docker-mtls/ca';
import { unlessRefused } from '@docker-mtls/errors';
import { moment } from '@docker-mtls/text';
import type { Asked, CheckOutcome, CheckSubject, CheckVerdict } from '@docker-mtls/secure';
import { checkEngine, detailLines } from '@docker-mtls/secure';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { sansText } from '../../command-line/order.ts';
import type { Io } from '../../io/io.ts';
import { withNumbers } from '../../printing/finding-number.ts';
import { proofJson } from '../../engine/proof-json.ts';
import { findSubject } from './find-subject.ts';

/** Proves an engine as `secure` does in the end, and changes nothing: nothing is issued for it, either. */
export async function run(args: Args, io: Io): Promise<Report> {
  const subject = await findSubject(args, io);
  return reportOf(subject, await checkEngine(subject));
}

function reportOf(subject: CheckSubject, { asked, verdict }: CheckOutcome): Report {
  const certificate = certificateOf(asked);
  const { engine, files, unresolved } = subject;
  const findings = [
    ...asked.flatMap(({ place, proof }) => proof.findings.map((each) => ({ address: place.label, ...each }))),
    ...files,
  ];
  const numbered = withNumbers('listeners', withNumbers('authorization', findings, idOf), idOf);
  const json = {
    engine,
    verdict,
    ...(certificate && { notAfter: certificate.notAfter.toISOString(), names: valuesOf(certificate) }),
    unresolved,
    ...proofJson({ asked, findings: numbered }),
  };
  return { json, text: textOf(subject, asked, verdict), exitCode: EXIT_CODES[verdict] };
}

const EXIT_CODES: Readonly<Record<CheckVerdict, number>> = { secured: 0, unreachable: 1, 'not secured': 3 };
const HEADLINES: Readonly<Record<CheckVerdict, string>> = {
  secured: 'secured',
  unreachable: 'no connection',
  'not secured': 'NOT secured',
};

function textOf(
  { engine, files, unresolved }: CheckSubject,
  asked: readonly Asked[],
  verdict: CheckVerdict,
): string {
  const reached = asked.filter(({ proof }) => proof.verdict !== 'unreachable');
  const absent = asked.filter(({ proof }) => proof.verdict === 'unreachable');
  const missing = absent.filter(({ place }) => verdict === 'unreachable' || place.claim !== 'maybe');
  const details = detailLines({ asked: reached, missing, files, unresolved });
  const next =
    verdict === 'unreachable'
      ? 'next: check that the engine runs, and that its name and port are right\n'
      : '';
  return `${engine}: ${HEADLINES[verdict]}\n${certificateLines(certificateOf(asked))}${details}${next}`;
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
  const names = info.sans.length === 0 ? 'none' : sansText(info.sans);
  return `    valid until ${moment(info.notAfter)}, under the names ${names}\n`;
}

function valuesOf({ sans }: CertificateInfo): readonly string[] {
  return sans.map(({ value }) => value);
}
