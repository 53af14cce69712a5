import type { Attention, Entry, StoreReader } from '@docker-mtls/ca-directory';
import type { LeafKind } from '@docker-mtls/registry';
import { counted, distance, moment } from '@docker-mtls/text';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { renewHint, findingSubjectOf } from './words.ts';

/** Of each sort and kind, so many are reported one by one; the rest is counted. */
const SHOWN = 10;

/** Who has not missed a certificate for longer has left, or will ask for one. */
const RECENT_DAYS = 30;
const DAY = 86_400_000;

/** Leaves in force that have expired, are not valid yet or are due. */
export async function certificateFindings(reader: StoreReader, now: Date): Promise<readonly FoundFinding[]> {
  const since = new Date(now.getTime() - RECENT_DAYS * DAY);
  const findings: FoundFinding[] = [];
  for (const kind of ['server', 'client'] as const) {
    const attention = await reader.attention({ kind, now, since, limit: SHOWN });
    findings.push(...findingsOf(kind, attention, now));
  }
  return findings;
}

function findingsOf(kind: LeafKind, attention: Attention, now: Date): readonly FoundFinding[] {
  const { counts, due, expired, notYetValid } = attention;
  return [
    ...expired.map((entry) => expiredFinding(entry, now)),
    ...rest(kind, 'expired', counts.expired - expired.length),
    ...notYetValid.map((entry) => earlyFinding(entry, now)),
    ...rest(kind, 'not-yet-valid', counts.notYetValid - notYetValid.length),
    ...due.map((entry) => dueFinding(entry, now)),
    ...rest(kind, 'due', counts.due - due.length),
    ...longAgo(kind, counts.expiredLongAgo),
  ];
}

function expiredFinding(entry: Entry, now: Date): FoundFinding {
  const subject = findingSubjectOf(entry);
  return found('authority', 'expired', {
    subject,
    message: `its certificate ended on ${moment(entry.notAfter)}, ${distance(entry.notAfter, now)}`,
    hint: renewHint(entry),
    severity: severityOf(entry.kind),
  });
}

/** An engine with an expired certificate serves nobody. A client may have left. */
function severityOf(kind: Entry['kind']): FoundFinding['severity'] {
  return kind === 'server' ? 'error' : 'warning';
}

function earlyFinding(entry: Entry, now: Date): FoundFinding {
  const subject = findingSubjectOf(entry);
  return found('authority', 'not-yet-valid', {
    subject,
    message: `its certificate begins on ${moment(entry.notBefore)}, and it is ${moment(now)} here`,
  });
}

function dueFinding(entry: Entry, now: Date): FoundFinding {
  const subject = findingSubjectOf(entry);
  return found('authority', 'due', {
    subject,
    message: `its certificate ends on ${moment(entry.notAfter)}, ${distance(entry.notAfter, now)}`,
    hint: renewHint(entry),
  });
}

const STATES = {
  expired: 'have expired',
  'not-yet-valid': 'are not valid yet',
  due: 'are due for renewal',
} as const;

function rest(kind: LeafKind, word: keyof typeof STATES, count: number): readonly FoundFinding[] {
  if (count <= 0) return [];
  const message = `the certificates of ${counted(count, `more ${kind}`, `more ${kind}s`)} ${STATES[word]}`;
  const hint = `run docker-mtls list --kind ${kind} --state ${word}, which lists all of them`;
  return [found('authority', word, { subject: `${kind}s`, message, hint })];
}

function longAgo(kind: LeafKind, count: number): readonly FoundFinding[] {
  if (count === 0) return [];
  const certificates = counted(count, `certificate of a ${kind}`, `certificates of ${kind}s`);
  return [
    found('authority', 'expired', {
      subject: `${kind}s`,
      message: `${certificates} ended more than ${RECENT_DAYS} days ago`,
      hint: `run docker-mtls list --kind ${kind} --state expired, which lists them`,
      severity: 'note',
    }),
  ];
}
