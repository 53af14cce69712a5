import crypto from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { pageOf, ROWS } from '../catalogue/catalogue.ts';
import type { CatalogueRow } from '../catalogue/catalogue.ts';
import { CIS_VERSION } from '../catalogue/row.ts';
import type { Diagnosis } from '../doctor-order.ts';
import type { FoundFinding } from '../found.ts';

/** GitHub reads it as a number from 0 to 10. */
const SECURITY_SEVERITY = { error: '8.0', warning: '5.0', note: '2.0' } as const;

/** The diagnoses as a SARIF 2.1.0 log; `version` is that of the program. */
export function toSarif(diagnoses: readonly Diagnosis[], version: string): Readonly<Record<string, unknown>> {
  const used = new Set(diagnoses.flatMap(({ found }) => found.map(({ id }) => id)));
  const rows = ROWS.filter(({ id }) => used.has(id));
  const indexes = new Map(rows.map(({ id }, index) => [id, index]));
  const failed = diagnoses.filter((each) => each.failed !== undefined);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'docker-mtls', version, rules: rows.map(ruleOf) } },
        invocations: [
          {
            executionSuccessful: failed.length === 0,
            toolExecutionNotifications: diagnoses.flatMap(notificationsOf),
          },
        ],
        results: diagnoses.flatMap(({ target, found }) =>
          found.map((each) => resultOf(target, each, indexes.get(each.id) ?? 0)),
        ),
      },
    ],
  };
}

function ruleOf(row: CatalogueRow): Readonly<Record<string, unknown>> {
  const { id, word, title, fix, severity, cis = [] } = row;
  return {
    id,
    name: word,
    shortDescription: { text: title },
    help: { text: `To fix it: ${fix}. See ${pageOf(row)} of the documentation.` },
    defaultConfiguration: { level: severity },
    properties: {
      tags: ['security', ...cis.map((number) => `CIS Docker Benchmark ${CIS_VERSION}: ${number}`)],
      'security-severity': SECURITY_SEVERITY[severity],
    },
  };
}

function resultOf(target: string, found: FoundFinding, ruleIndex: number): Readonly<Record<string, unknown>> {
  const { id, severity, subject, message, hint } = found;
  const text = `${subject}: ${message}${hint === undefined ? '' : `. To fix it: ${hint}`}`;
  return {
    ruleId: id,
    ruleIndex,
    level: severity,
    message: { text },
    locations: [locationOf(subject)],
    partialFingerprints: { 'finding/v1': fingerprintOf(target, found) },
  };
}

function locationOf(subject: string): Readonly<Record<string, unknown>> {
  const logicalLocations = [{ fullyQualifiedName: subject, kind: 'resource' }];
  if (!subject.startsWith('/')) return { logicalLocations };
  return { logicalLocations, physicalLocation: { artifactLocation: { uri: pathToFileURL(subject).href } } };
}

/** The same for the same finding of the next run: numbers and dates in the message do not count. */
function fingerprintOf(target: string, { id, subject, message }: FoundFinding): string {
  const [vulnerability = ''] = /CVE-\d+-\d+/.exec(message) ?? [];
  return crypto.createHash('sha256').update([id, target, subject, vulnerability].join('\n')).digest('hex');
}

function notificationsOf({
  target,
  unseen,
  failed,
}: Diagnosis): readonly Readonly<Record<string, unknown>>[] {
  return [
    ...(failed === undefined ? [] : [{ level: 'error', message: { text: `${target}: ${failed}` } }]),
    ...unseen.map((what) => ({ level: 'note', message: { text: `${target}: not seen: ${what}` } })),
  ];
}
