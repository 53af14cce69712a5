import fs from 'node:fs';
import path from 'node:path';
import { append, GENESIS } from '@docker-mtls/audit';
import { CURRENT_FILE, formatCheckpoint, rotatedName } from '@docker-mtls/audit/log';
import type { ChainRecord, Link } from '@docker-mtls/audit';
import type { AuditRecord } from '@docker-mtls/audit/log';

/** The clock of these tests stands at 2026-01-01. */
export function decision(number: number, changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    type: 'decision',
    id: `id${number}`,
    time: new Date(Date.UTC(2025, 11, 31, 12, number)).toISOString(),
    who: {
      cn: number % 2 === 0 ? 'alice' : 'bob',
      ou: [],
      serial: '0a1b',
      fingerprint: 'f'.repeat(64),
      issuer: 'e'.repeat(16),
    },
    what: {
      operation: 'ContainerStart',
      method: 'POST',
      uri: '/containers/web/start',
      object: 'web',
      risks: [],
    },
    verdict: number % 5 === 0 ? 'deny' : 'allow',
    role: 'operator',
    rule: 'bindings[1]',
    guard: undefined,
    reason: 'no role of this client allows ContainerStart',
    ...changes,
  } as AuditRecord;
}

/** Lines of a chain, and what it ends with after each. */
export function chain(records: readonly AuditRecord[]): { lines: readonly string[]; links: readonly Link[] } {
  const lines: string[] = [];
  const links: Link[] = [];
  for (const record of records) {
    const { line, link } = append(links.at(-1) ?? GENESIS, record as unknown as ChainRecord);
    lines.push(line);
    links.push(link);
  }
  return { lines, links };
}

export const COUNT = 30;
const WHOLE = chain(Array.from({ length: COUNT }, (_, index) => decision(index + 1)));

export const LINES: readonly string[] = WHOLE.lines;
export const LINKS: readonly Link[] = WHOLE.links;

export function checkpoint(sequence: number): string {
  return formatCheckpoint({ ...(LINKS[sequence - 1] ?? GENESIS), count: sequence });
}

export function writeLines(file: string, lines: readonly string[]): void {
  fs.writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
}

/** Writes the 30 records into a folder, as three files. */
export function writeTestLog(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  writeLines(path.join(folder, rotatedName(1)), LINES.slice(0, 10));
  writeLines(path.join(folder, rotatedName(11)), LINES.slice(10, 20));
  writeLines(path.join(folder, CURRENT_FILE), LINES.slice(20));
}
