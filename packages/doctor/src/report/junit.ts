import { ROWS } from '../catalogue/catalogue.ts';
import type { Diagnosis } from '../doctor-order.ts';
import type { FoundFinding } from '../found.ts';
import { failsAt } from './threshold.ts';
import type { FailOn } from './threshold.ts';

/**
 * The diagnoses as JUnit's XML, as Jenkins and GitLab read it: a suite for each target, a case for each finding. What
 * stays below `failOn` is a case that passes.
 */
export function toJunit(diagnoses: readonly Diagnosis[], failOn: FailOn): string {
  const suites = diagnoses.map((each) => suiteOf(each, failOn));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="docker-mtls doctor">\n${suites.join('')}</testsuites>\n`;
}

const TITLES: ReadonlyMap<string, string> = new Map(ROWS.map(({ id, title }) => [id, title]));

function suiteOf({ target, found, unseen, failed }: Diagnosis, failOn: FailOn): string {
  const failures = found.filter((each) => failsAt(failOn, each)).length;
  const errors = failed === undefined ? 0 : 1;
  const counts = `tests="${found.length + unseen.length + 1}" failures="${failures}" errors="${errors}" skipped="${unseen.length}"`;
  const cases = [
    caseOf('reached', target, failed === undefined ? '' : `<error message="${escaped(failed)}"/>`),
    ...found.map((each) => findingCase(each, failOn)),
    ...unseen.map((what) => caseOf(`not seen: ${what}`, target, `<skipped message="${escaped(what)}"/>`)),
  ];
  return `  <testsuite name="${escaped(target)}" ${counts}>\n${cases.join('')}  </testsuite>\n`;
}

function findingCase(found: FoundFinding, failOn: FailOn): string {
  const { id, severity, subject, message, hint = '' } = found;
  const name = `${id} ${TITLES.get(id) ?? ''}`;
  const text = `${message}${hint === '' ? '' : `\nTo fix it: ${hint}`}`;
  const inside = failsAt(failOn, found)
    ? `<failure type="${severity}" message="${escaped(message)}">${escaped(text)}</failure>`
    : `<system-out>${escaped(`${severity}: ${text}`)}</system-out>`;
  return caseOf(name, subject, inside);
}

function caseOf(name: string, className: string, inside: string): string {
  const start = `    <testcase name="${escaped(name)}" classname="${escaped(className)}"`;
  return inside === '' ? `${start}/>\n` : `${start}>${inside}</testcase>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** XML 1.0 has no place for control characters, lone surrogates and two more, not even escaped. */
function isPossible(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a;
  return (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

function escaped(text: string): string {
  const possible = [...text].map((each) => (isPossible(each.codePointAt(0) ?? 0) ? each : '\ufffd'));
  return possible.join('').replaceAll(/[&<>"\n\t]/g, (character) => ENTITIES[character] ?? '');
}
