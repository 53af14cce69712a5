import type { Finding } from '@docker-mtls/errors';
import type { Probe } from '@docker-mtls/proof';
import type { Asked } from './proof-places.ts';

type Details = {
  readonly asked: readonly Asked[];
  readonly missing: readonly Asked[];
  readonly files: readonly Finding[];
  /** `NAME:PORT` of each name that leads nowhere. */
  readonly unresolved: readonly string[];
};

/** What was seen at each address, for people: a line for each client, then what was found. */
export function detailLines({ asked, missing, files, unresolved }: Details): string {
  const isOne = asked.length === 1 && missing.length === 0;
  const lines = asked.flatMap(({ place, proof }) => [
    ...(isOne ? [] : [`    ${place.label}`]),
    ...clientLines(proof.probes),
    ...proof.findings.filter(({ id }) => !SAID.has(id)).map(findingLine),
  ]);
  const absent = missing.map(
    ({ place, proof }) => `    -   ${place.label}: no connection (${proof.probes[0]?.outcome.detail})`,
  );
  const unnamed = unresolved.map((label) => `    -   ${label}: not asked (the name has no address here)`);
  return [...lines, ...absent, ...unnamed, ...files.map(findingLine)].map((line) => `${line}\n`).join('');
}

/** Findings that repeat what the line of a client says. */
const SAID: ReadonlySet<string> = new Set(['stranger-accepted', 'rejection-unclear']);

function findingLine({ severity, message, hint }: Finding): string {
  const mark = severity === 'error' ? 'NO ' : '-  ';
  return `    ${mark} ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

/** One line for each client and outcome: versions and names that ended alike are one. */
function clientLines(probes: readonly Probe[]): readonly string[] {
  const lines = new Map<string, Set<string>>();
  for (const probe of probes) {
    const { isGood, who, outcome } = probe;
    const start = `    ${isGood ? 'ok ' : 'NO '} ${who}: ${resultText(probe)}`;
    const details = lines.get(start) ?? new Set();
    lines.set(start, details.add(outcome.detail));
  }
  return [...lines].map(([start, details]) => `${start} (${[...details].join('; ')})`);
}

function resultText({ kind, outcome }: Probe): string {
  return kind === 'client' && outcome.kind === 'answered' ? 'accepted but not served' : KINDS[outcome.kind];
}

const KINDS: Readonly<Record<Probe['outcome']['kind'], string>> = {
  accepted: 'accepted',
  answered: 'let in',
  rejected: 'rejected',
  closed: 'closed',
  silent: 'silent',
  unreachable: 'not reached',
  mistrusted: 'not trusted',
  unclear: 'unclear',
};
