import { MOST_COUNTED, statusVerdict } from '@docker-mtls/doctor';
import type { CaInspection, FoundCopy, ServedAddress, Status, StatusVerdict } from '@docker-mtls/doctor';
import { escapeUnprintable } from '@docker-mtls/errors';
import { counted, distance, facts, moment } from '@docker-mtls/text';
import { problemText } from '../../printing/problem-text.ts';

type Fact = readonly [label: string, value: string];

/** One screen for people. */
export function statusText(found: Status, now: Date): string {
  const { ca, served, copies, findings } = found;
  const rows = [...caFacts(ca, now), ...servedFacts(served, now), ...copyFacts(copies)];
  const problems = findings.map((each) => problemText(`${each.id} ${each.subject}`, each));
  const parts = [facts(rows.map(([label, value]) => [label, escapeUnprintable(value)])), problems.join('')];
  return [...parts.filter((part) => part !== ''), conclusion(found)].join('\n');
}

function caFacts(ca: CaInspection | undefined, now: Date): readonly Fact[] {
  if (ca === undefined) return [['CA', 'none on this machine']];
  const { contents, directory } = ca;
  if (contents === undefined) return [['CA', directory]];
  const { authorities, recorded, list } = contents;
  const { certificates, servers, clients } = recorded;
  return [
    ...authorities.map(({ certificate: { info }, state }): Fact => {
      const role = state === 'signing' ? '' : ` (${state})`;
      return ['CA', `${info.subject.commonName ?? ''}${role}, ${until(info.notAfter, now)}`];
    }),
    ['directory', directory],
    ['on record', counted(certificates, 'certificate', 'certificates')],
    ['in force', `${atMost(servers, 'server', 'servers')}, ${atMost(clients, 'client', 'clients')}`],
    ...(list === undefined
      ? []
      : [['crl.pem', `number ${list.number}, ${until(list.nextUpdate, now)}`] as const]),
  ];
}

function atMost(count: number, one: string, many: string): string {
  return count < MOST_COUNTED ? counted(count, one, many) : `${MOST_COUNTED} ${many} or more`;
}

function servedFacts(served: readonly ServedAddress[], now: Date): readonly Fact[] {
  if (served.length === 0) return [['engine', 'none here serves with TLS']];
  return served.map(({ address, presented }) => {
    if (typeof presented === 'string') return ['engine', `${address}: ${presented}`];
    const { subject, notAfter, serial } = presented.info;
    return ['engine', `${address} presents ${subject.commonName ?? serial}, ${until(notAfter, now)}`];
  });
}

const KINDS: Readonly<Record<FoundCopy['kind'], readonly [one: string, many: string]>> = {
  context: ['context', 'contexts'],
  bundle: ['bundle', 'bundles'],
  credentials: ['export for CI', 'exports for CI'],
};

function copyFacts(copies: readonly FoundCopy[]): readonly Fact[] {
  const kinds = (['context', 'bundle', 'credentials'] as const).flatMap((kind) => {
    const count = copies.filter((copy) => copy.kind === kind).length;
    return count === 0 ? [] : [counted(count, ...KINDS[kind])];
  });
  return kinds.length === 0 ? [] : [['copies', kinds.join(', ')]];
}

function until(date: Date, now: Date): string {
  return `until ${moment(date)} (${distance(date, now)})`;
}

function conclusion(found: Status): string {
  const todo = found.findings.filter(({ severity }) => severity !== 'note').length;
  if (todo > 0) return `${counted(todo, 'thing', 'things')} to do\n`;
  return statusVerdict(found) === 'nothing-to-do'
    ? 'Nothing to do\n'
    : 'Nothing to do, as far as could be seen\n';
}

/** The same for programs. */
export function statusJson(
  { ca, served, copies, findings }: Status,
  verdict: StatusVerdict,
): Readonly<Record<string, unknown>> {
  return {
    verdict,
    ...(ca && { ca: caJson(ca) }),
    engines: served.map(servedJson),
    copies: copies.map(copyJson),
    findings,
  };
}

function caJson({ directory, contents }: CaInspection): Record<string, unknown> {
  if (contents === undefined) return { directory };
  const { authorities, list, recorded } = contents;
  return {
    directory,
    authorities: authorities.map(({ certificate: { info }, keyId, state }) => ({
      name: info.subject.commonName,
      keyId,
      state,
      notAfter: info.notAfter.toISOString(),
    })),
    ...recorded,
    ...(list && { crl: { number: String(list.number), nextUpdate: list.nextUpdate.toISOString() } }),
  };
}

function servedJson({ address, engine, presented }: ServedAddress): Record<string, unknown> {
  const common = { address, config: engine.config };
  if (typeof presented === 'string') return { ...common, failure: presented };
  const { serial, fingerprint, notAfter } = presented.info;
  return { ...common, serial, fingerprint, notAfter: notAfter.toISOString() };
}

function copyJson({ kind, place, certificate }: FoundCopy): Record<string, unknown> {
  const { serial, subject, notAfter } = certificate?.info ?? {};
  return { kind, place, client: subject?.commonName, serial, notAfter: notAfter?.toISOString() };
}
