import type { FoundRecord } from '@docker-mtls/authz';
import { escapeUnprintable } from '@docker-mtls/errors';

/** Each record as people read it, on one line. What is not a record as docker-mtls writes it is shown as it is. */
export function* recordTexts(records: Iterable<FoundRecord>): Generator<string> {
  for (const record of records) yield `${escapeUnprintable(wordsOf(record))}\n`;
}

function wordsOf(record: FoundRecord): string {
  const time = textOf(record['time'])
    .replace('T', ' ')
    .replace(/(?:\.\d+)?Z$/, '');
  switch (record['type']) {
    case 'decision':
      return `${time}  ${decisionWords(record)}`;
    case 'outcome':
      return `${time}  ${outcomeWords(record)}`;
    case 'change':
      return `${time}  change ${textOf(record['what'])}, SHA-256 ${textOf(record['sha256'])}`;
    default:
      return JSON.stringify(record);
  }
}

function decisionWords({ id, who, what, verdict, observed, role, guard, rule, reason }: FoundRecord): string {
  const { operation, method, uri, object } = asRecord(what);
  const request =
    method === undefined || method === '' ? 'unknown request' : `${textOf(method)} ${textOf(uri)}`;
  const action = operation === undefined ? request : textOf(operation);
  const on = object === undefined ? '' : ` ${textOf(object)}`;
  const by = role === undefined ? '' : ` (${textOf(role)})`;
  const isExplained = verdict === 'deny' || observed === true;
  const why = isExplained
    ? `: ${textOf(reason)}${guard === undefined && rule !== undefined ? ` (${textOf(rule)})` : ''}`
    : '';
  const word = observed === true ? 'would deny' : textOf(verdict);
  return `${word.padEnd(5)}  ${whoWords(asRecord(who))}${by}  ${action}${on}${why} [${textOf(id)}]`;
}

function whoWords({ cn, local, unknown }: FoundRecord): string {
  if (local === true) return 'a local client';
  return unknown === true ? 'unknown client' : textOf(cn);
}

function outcomeWords({ id, status, duration, refused }: FoundRecord): string {
  const facts = [
    ...(status === undefined ? [] : [`status ${textOf(status)}`]),
    ...(typeof duration === 'number' ? [`${(duration / 1000).toFixed(1)} s`] : []),
    ...(refused === undefined ? [] : [`refused: ${textOf(refused)}`]),
  ];
  return `ended  ${facts.join(', ')} [${textOf(id)}]`;
}

function asRecord(value: unknown): FoundRecord {
  return typeof value === 'object' && value !== null ? (value as FoundRecord) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '?' : JSON.stringify(value);
}
