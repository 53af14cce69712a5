import { CIS_VERSION, failsAt, pageOf, ROWS } from '@docker-mtls/doctor';
import type { Diagnosis, FailOn, FoundFinding } from '@docker-mtls/doctor';
import { escapeUnprintable } from '@docker-mtls/errors';
import { counted } from '@docker-mtls/text';
import type { Fixed } from './fix.ts';

const BY_ID: ReadonlyMap<string, (typeof ROWS)[number]> = new Map(ROWS.map((row) => [row.id, row]));
const ORDER = { error: 0, warning: 1, note: 2 } as const;

/** What was found, the worst first, for people. */
export function diagnosesText(diagnoses: readonly Diagnosis[], failOn: FailOn): string {
  return `${diagnoses.map(diagnosisText).join('')}${summary(diagnoses, failOn)}`;
}

function diagnosisText({ target, found, unseen, failed }: Diagnosis): string {
  const sorted = found.toSorted((one, other) => ORDER[one.severity] - ORDER[other.severity]);
  const state =
    failed === undefined
      ? found.length === 0
        ? ': nothing found'
        : ''
      : `: could not be checked: ${failed}`;
  const lines = [
    `${target}${state}`,
    ...sorted.flatMap(findingLines),
    ...unseen.map((what) => `  not seen: ${what}`),
  ];
  return lines.map((line) => `${escapeUnprintable(line)}\n`).join('');
}

function findingLines({ id, severity, subject, message, hint }: FoundFinding): readonly string[] {
  const row = BY_ID.get(id);
  const cis = row?.cis === undefined ? '' : `; CIS Docker Benchmark ${CIS_VERSION}: ${row.cis.join(', ')}`;
  return [
    `  ${severity} ${id}: ${row?.title}`,
    `    ${subject}: ${message}`,
    ...(hint === undefined ? [] : [`    fix: ${hint}`]),
    ...(row === undefined ? [] : [`    see: ${pageOf(row)}${cis}`]),
  ];
}

function summary(diagnoses: readonly Diagnosis[], failOn: FailOn): string {
  const all = diagnoses.flatMap(({ found }) => found);
  const of = (severity: FoundFinding['severity']): number =>
    all.filter((each) => each.severity === severity).length;
  const counts = (['error', 'warning', 'note'] as const).map((each) => counted(of(each), each, `${each}s`));
  const failing = all.filter((each) => failsAt(failOn, each)).length;
  const verdict = failing === 0 ? 'nothing' : counted(failing, 'finding', 'findings');
  const unchecked = diagnoses.filter(({ failed }) => failed !== undefined).length;
  const gap = unchecked === 0 ? '' : `; ${counted(unchecked, 'target', 'targets')} could not be checked`;
  return `${counts.join(', ')}; at --fail-on ${failOn}: ${verdict}${gap}\n`;
}

/** What --fix did, and how each is taken back. */
export function fixedText(fixed: readonly Fixed[]): string {
  return fixed
    .flatMap(({ finding, does, back, why }) => [
      why === undefined ? `fixed ${finding}: ${does}` : `not fixed ${finding}: ${does}: ${why}`,
      ...(why === undefined ? [`  back: ${back}`] : []),
    ])
    .map((line) => `${escapeUnprintable(line)}\n`)
    .join('');
}
