import fs from 'node:fs';
import path from 'node:path';
import { append, CURRENT_FILE, formatCheckpoint, GENESIS, rotatedName } from '@docker-mtls/audit';
import type { AuditRecord, ChainRecord, Link } from '@docker-mtls/audit';
import { temporaryFolder } from '../../../test/support/temp.ts';
import type { Io } from '../src/io/io.ts';
import { main } from '../src/main.ts';
import { fakeIo } from './fake-io.ts';

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

export type Answer = Record<string, unknown> & { readonly exitCode: number };

/** A log of 30 records in three files, and the commands that read it, without a process. */
export type TestLog = {
  readonly folder: string;
  readonly io: Io;
  /** What was printed in parts. */
  readonly printed: string[];
  readonly write: (name: string, lines: readonly string[]) => void;
  /** With `--json`. */
  readonly answer: (...argv: readonly string[]) => Promise<Answer>;
  readonly said: (...argv: readonly string[]) => Promise<string>;
};

export function makeTestLog(): TestLog {
  const cwd = temporaryFolder();
  const folder = path.join(cwd, 'log/docker');
  fs.mkdirSync(folder, { recursive: true });
  const printed: string[] = [];
  const io = fakeIo({
    cwd,
    systemFolders: { policies: path.join(cwd, 'etc'), logs: path.join(cwd, 'log') },
    output: (part) => printed.push(part) > 0,
  });
  const write = (name: string, lines: readonly string[]): void =>
    fs.writeFileSync(path.join(folder, name), lines.map((line) => `${line}\n`).join(''));
  write(rotatedName(1), LINES.slice(0, 10));
  write(rotatedName(11), LINES.slice(10, 20));
  write(CURRENT_FILE, LINES.slice(20));
  /** All that a command has printed, and how it ended. */
  const run = async (argv: readonly string[]): Promise<{ text: string; exitCode: number }> => {
    printed.length = 0;
    const { stdout, stderr, exitCode } = await main(argv, io);
    return { text: printed.join('') + Buffer.from(stdout).toString() + stderr, exitCode };
  };
  return {
    folder,
    io,
    printed,
    write,
    answer: async (...argv) => {
      const { text, exitCode } = await run([...argv, '--json']);
      return { ...(JSON.parse(text) as Record<string, unknown>), exitCode };
    },
    said: async (...argv) => (await run(argv)).text,
  };
}
