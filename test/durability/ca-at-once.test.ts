import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readStore } from '@docker-mtls/ca-directory';
import { expect, test } from '@jest/globals';
import { cli, cliJson } from '../support/cli.ts';
import { temporaryFolder } from '../support/temp.ts';
import { caPromises } from './ca-promises.ts';
import { homeWithPairs } from './homes.ts';
import { inHome } from './kill-everywhere.ts';

// Everything that changes a CA, by 8 processes at once. DOCKER_MTLS_TEST_SECONDS=20 goes on for longer.

const SECONDS = Number(process.env['DOCKER_MTLS_TEST_SECONDS'] ?? 4);

const BACKUPS = temporaryFolder();

type Answer = Record<string, unknown> & { readonly command: string; readonly code: number | undefined };
type Numbered = { readonly issuer: string; readonly number: string };

/** One process after the other, until the time is over. */
type Worker = (round: number, run: (...words: readonly string[]) => Promise<Answer>) => Promise<void>;

const WORKERS: readonly Worker[] = [
  async (round, run) => void (await run('issue-client', `a${round}`)),
  async (round, run) => void (await run('issue-server', `s${round}`)),
  async (_, run) => void (await run('renew', 'bob')),
  async (round, run) => {
    await run('issue-client', `gone${round}`);
    await run('revoke', `gone${round}`, '--yes');
  },
  async (_, run) => {
    await run('list', '--all');
    await run('ca', 'log', 'verify');
  },
  async (_, run) => {
    await run('crl');
    await run('crl', 'show');
  },
  async (_, run) => {
    await run('ca', 'rotate', 'prepare');
    await run('ca', 'rotate', 'switch');
    await run('renew', '--all');
    const { holders } = await run('ca', 'rotate', 'status');
    const names = (holders as readonly { readonly name: string }[]).map(({ name }) => name);
    await run('ca', 'rotate', 'retire', ...new Set(names));
  },
  async (round, run) => {
    await run('ca', 'renew');
    await run('ca', 'backup', path.join(BACKUPS, `${round}`), '--plaintext');
  },
];

/** The lists that a command has made. */
function listsIn({ command, ...answer }: Answer): readonly Numbered[] {
  const { crl, issuer, number, others } = answer as {
    readonly crl?: Numbered;
    readonly others?: readonly Numbered[];
  } & Partial<Numbered>;
  if (crl !== undefined) return [crl];
  if (command !== 'crl' || issuer === undefined || number === undefined) return [];
  return [{ issuer, number }, ...(others ?? [])];
}

/** Reads bob's pair all the time: as our own commands do, and by its paths. Returns how often. */
async function readAllTheTime(ca: string, isOver: () => boolean): Promise<number> {
  const files = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => path.join(ca, 'clients/bob', name));
  let count = 0;
  while (!isOver()) {
    const reader = await readStore(ca);
    const entry = await reader.current('client', 'bob');
    const { certificate, key, ca: roots } = (await entry?.read()) ?? {};
    await reader.close();
    const leaf = new X509Certificate(certificate ?? '');
    expect(leaf.checkPrivateKey(createPrivateKey(key ?? ''))).toBe(true);
    const trusted = roots?.toString('latin1').match(/-----BEGIN[^]+?-----END CERTIFICATE-----/gu) ?? [];
    expect(trusted.some((root) => leaf.verify(new X509Certificate(root).publicKey))).toBe(true);
    for (const file of files) expect([file, fs.existsSync(file)]).toEqual([file, true]);
    count += 1;
    await sleep(10);
  }
  return count;
}

test(
  '8 processes that change all of a CA at once: none fails, and what was acknowledged is on record',
  async () => {
    const home = await homeWithPairs();
    const end = Date.now() + SECONDS * 1000;
    const isOver = (): boolean => Date.now() > end;
    const answers: Answer[] = [];
    const run = async (...words: readonly string[]): Promise<Answer> => {
      const { code, stdout } = await cli([...words, '--json'], inHome(home));
      const answer = { command: words.join(' '), code, ...(JSON.parse(stdout) as Record<string, unknown>) };
      answers.push(answer);
      return answer;
    };
    const work = WORKERS.map(async (worker) => {
      for (let round = 0; !isOver(); round += 1) await worker(round, run);
    });
    const [reads] = await Promise.all([readAllTheTime(path.join(home, 'ca'), isOver), ...work]);
    expect(reads).toBeGreaterThan(0);
    expect(answers.filter(({ code, error }) => code !== 0 || error !== undefined)).toEqual([]);

    const rows = (await caPromises(home)) ?? [];
    const serials = rows.map(({ serial }) => serial);
    expect(new Set(serials).size).toBe(serials.length);
    const acknowledged = answers.flatMap(({ serial, renewed }) => [
      ...(typeof serial === 'string' ? [serial] : []),
      ...((renewed ?? []) as readonly { readonly serial: string }[]).map((pair) => pair.serial),
    ]);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.filter((serial) => !serials.includes(serial))).toEqual([]);

    const lists = answers.flatMap(listsIn);
    const named = lists.map(({ issuer, number }) => `${issuer} ${number}`);
    expect(new Set(named).size).toBe(named.length);

    const { findings } = await cliJson(['ca', 'check'], inHome(home));
    expect(findings).toEqual([]);
    expect(await cliJson(['ca', 'log', 'verify'], inHome(home))).toMatchObject({ verdict: 'intact' });
    const { events } = (await cliJson(['ca', 'log'], inHome(home))) as unknown as {
      events: readonly { action: string; serial: string; detail: { number?: string } }[];
    };
    // On record, the numbers of each key only rise.
    const last = new Map<string, bigint>();
    for (const { action, serial, detail } of events.filter((event) => event.action === 'crl.issued')) {
      const number = BigInt(detail.number ?? '');
      expect([action, serial, number > (last.get(serial) ?? 0n)]).toEqual([action, serial, true]);
      last.set(serial, number);
    }
  },
  (SECONDS + 120) * 1000,
);
