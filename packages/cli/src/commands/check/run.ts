import { readCertificate } from '@docker-mtls/ca';
import type { CertificateInfo } from '@docker-mtls/ca';
import { isMtlsError } from '@docker-mtls/errors';
import { proveEngine } from '@docker-mtls/proof';
import { moment } from '@docker-mtls/text';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { sansText } from '../../command-line/order.ts';
import type { Io } from '../../io/io.ts';
import { withNumbers } from '../../printing/finding-number.ts';
import type { Asked } from '../secure/proof-places.ts';
import { detailLines, proofJson } from '../secure/proof-text.ts';
import { findSubject } from './find-subject.ts';
import type { CheckSubject } from './subject.ts';

const FAILED = 1;
const NOT_SECURE = 3;

/** Proves an engine as `secure` does in the end, and changes nothing: nothing is issued for it, either. */
export async function run(args: Args, io: Io): Promise<Report> {
  const subject = await findSubject(args, io);
  const asked: Asked[] = [];
  for (const place of subject.places) {
    const { addresses } = await proveEngine({ ...subject.order, targets: [place.target] });
    asked.push(...addresses.map((proof) => ({ place, proof })));
  }
  return reportOf(subject, asked);
}

type CheckVerdict = 'secured' | 'not secured' | 'unreachable';

function verdictOf({ files }: CheckSubject, asked: readonly Asked[]): CheckVerdict {
  const reached = asked.filter(({ proof }) => proof.verdict !== 'unreachable');
  if (reached.length === 0) return 'unreachable';
  const isFaulty = files.some(({ severity }) => severity === 'error');
  const isMissing = asked.some(
    ({ place, proof }) => proof.verdict === 'unreachable' && place.claim !== 'maybe',
  );
  const isBad = reached.some(({ proof }) => proof.verdict !== 'secured');
  return isBad || isFaulty || isMissing ? 'not secured' : 'secured';
}

function reportOf(subject: CheckSubject, asked: readonly Asked[]): Report {
  const verdict = verdictOf(subject, asked);
  const { files, unresolved } = subject;
  const reached = asked.filter(({ proof }) => proof.verdict !== 'unreachable');
  const missing = asked.filter(
    ({ place, proof }) =>
      proof.verdict === 'unreachable' && (verdict === 'unreachable' || place.claim !== 'maybe'),
  );
  const certificate = certificateOf(reached);
  const findings = [
    ...asked.flatMap(({ place, proof }) => proof.findings.map((each) => ({ address: place.label, ...each }))),
    ...files,
  ];
  const numbered = withNumbers('listeners', withNumbers('authorization', findings, idOf), idOf);
  const json = {
    engine: subject.engine,
    verdict,
    ...(certificate && { notAfter: certificate.notAfter.toISOString(), names: valuesOf(certificate) }),
    unresolved,
    ...proofJson({ asked, findings: numbered }),
  };
  const text =
    `${subject.engine}: ${verdict === 'secured' ? 'secured' : verdict === 'unreachable' ? 'no connection' : 'NOT secured'}\n` +
    certificateLines(certificate) +
    detailLines({ asked: reached, missing, files, unresolved });
  return { json, text, exitCode: exitCodeOf(verdict) };
}

function exitCodeOf(verdict: CheckVerdict): number {
  if (verdict === 'unreachable') return FAILED;
  return verdict === 'secured' ? 0 : NOT_SECURE;
}

function idOf({ id }: { readonly id: string }): string {
  return id;
}

/** What the engine presented, the first time. */
function certificateOf(asked: readonly Asked[]): CertificateInfo | undefined {
  const [presented] = asked.flatMap(({ proof }) =>
    proof.probes.flatMap(({ outcome }) => outcome.presented ?? []),
  );
  try {
    return presented && readCertificate(presented.der).info;
  } catch (error) {
    if (isMtlsError(error)) return undefined;
    throw error;
  }
}

function certificateLines(info: CertificateInfo | undefined): string {
  if (info === undefined) return '';
  const names = info.sans.length === 0 ? 'none' : sansText(info.sans);
  return `    valid until ${moment(info.notAfter)}, under the names ${names}\n`;
}

function valuesOf({ sans }: CertificateInfo): readonly string[] {
  return sans.map(({ value }) => value);
}
