import fs from 'node:fs';
import path from 'node:path';
import { openBundle } from '@docker-mtls/bundle/open';
import { readCrl } from '@docker-mtls/ca';
import { expect, test } from '@jest/globals';
import { cli } from '../support/cli.ts';
import { caPromises } from './ca-promises.ts';
import { homeWithPairs, newHome } from './homes.ts';
import { inHome } from './kill-everywhere.ts';

type Answer = { readonly steps: readonly Step[]; readonly error?: unknown };
type Step = { readonly step: string; readonly outcome: string };

type Answered = {
  readonly name: string;
  readonly code: number | undefined;
  readonly number?: string;
  readonly crl?: { readonly number: string };
};

function cycle(name: string): string[][] {
  return [
    ['issue-client', name],
    ['revoke', name, '--yes'],
  ];
}

const NAMES = Array.from({ length: 20 }, (_, index) => `client-${index}`);

test('20 issue-client at once make 20 pairs with 20 serials, and none of them fails', async () => {
  const home = await homeWithPairs();
  const runs = await Promise.all(NAMES.map((name) => cli(['issue-client', name, '--json'], inHome(home))));
  for (const { code, stderr } of runs) expect({ code, stderr }).toMatchObject({ code: 0 });
  const rows = (await caPromises(home)) ?? [];
  const clients = rows.filter(({ name }) => name.startsWith('client-'));
  expect(clients.map(({ name }) => name).toSorted()).toEqual(NAMES.toSorted());
  expect(new Set(clients.map(({ serial }) => serial)).size).toBe(NAMES.length);
});

test('of 8 issue-client with one name at once, one wins and the others are told', async () => {
  const home = await homeWithPairs();
  const runs = await Promise.all(
    NAMES.slice(0, 8).map(() => cli(['issue-client', 'alice', '--json'], inHome(home))),
  );
  const outcomes = runs.map(
    ({ stdout }) => (JSON.parse(stdout) as { error?: { code: string } }).error?.code ?? 'done',
  );
  expect(outcomes.toSorted()).toEqual([
    ...Array.from({ length: 7 }, () => 'CA_DIRECTORY_NAME_TAKEN'),
    'done',
  ]);
  const rows = (await caPromises(home)) ?? [];
  expect(rows.filter(({ name }) => name === 'alice')).toHaveLength(1);
});

test('8 processes that issue, revoke and list at once: none fails, and each list has a number of its own', async () => {
  const home = await homeWithPairs();
  const names = NAMES.slice(0, 4);
  const worker = async (name: string, commands: readonly string[][]): Promise<readonly Answered[]> => {
    const answers: Answered[] = [];
    for (const command of commands) {
      const { code, stdout } = await cli([...command, '--json'], inHome(home));
      answers.push({ name, code, ...(JSON.parse(stdout) as Omit<Answered, 'name' | 'code'>) });
    }
    return answers;
  };
  const work = names.flatMap((name) => [
    worker(name, [...cycle(name), ...cycle(name)]),
    worker(name, [['list', '--all'], ['crl'], ['list', '--state', 'revoked']]),
  ]);
  const answers = (await Promise.all(work)).flat();
  expect(answers.filter(({ code }) => code !== 0)).toEqual([]);
  const numbers = answers.flatMap(({ number, crl }) => crl?.number ?? number ?? []).map(Number);
  expect(numbers.toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: names.length * 3 }, (_, index) => index + 2),
  );
  const list = readCrl(fs.readFileSync(path.join(home, 'ca/crl.pem')));
  const rows = (await caPromises(home)) ?? [];
  const revoked = rows.filter(({ status }) => status === 'revoked').map(({ serial }) => serial);
  expect(list).toMatchObject({ number: BigInt(names.length * 3 + 1) });
  expect(list.revoked.map(({ serial }) => serial).toSorted()).toEqual(revoked.toSorted());
  expect(revoked).toHaveLength(names.length * 2);
});

test('4 runs for one list at once make one pair and one bundle for each name, and none of them fails', async () => {
  const home = await homeWithPairs();
  fs.writeFileSync(path.join(home, 'people'), NAMES.join('\n'));
  const command = ['bundle', '--names', 'people', '--issue', '-o', 'out', '--json'];
  const runs = await Promise.all([1, 2, 3, 4].map(() => cli(command, inHome(home))));
  expect(
    runs.map(({ code, stderr }) => ({ code, stderr: stderr.replaceAll(/^waiting for .*\n/gmu, '') })),
  ).toEqual(runs.map(() => ({ code: 0, stderr: '' })));
  const issued = runs.map(({ stdout }) => (JSON.parse(stdout) as { issued: number }).issued);
  expect(issued.reduce((sum, count) => sum + count)).toBe(NAMES.length);
  const rows = (await caPromises(home)) ?? [];
  const serials = new Map(rows.map(({ name, serial }) => [name, serial]));
  for (const name of NAMES) {
    const bundle = openBundle(fs.readFileSync(path.join(home, 'out', `${name}.tar.gz`)), { now: new Date() });
    expect(bundle.certificate.info.serial).toBe(serials.get(name));
  }
  expect(fs.readdirSync(path.join(home, 'out'))).toHaveLength(NAMES.length);
});

test('4 secure at once, from nothing, for an engine each and one client: one CA, one pair for each name', async () => {
  const home = newHome();
  const runs = await Promise.all(
    NAMES.slice(0, 4).map((name) =>
      cli(['secure', name, '--client', 'alice', '--config', `${name}.json`, '--json'], inHome(home)),
    ),
  );
  const answers = runs.map(({ stdout }) => JSON.parse(stdout) as Answer);
  expect(answers.map(({ error }) => error)).toEqual(runs.map(() => undefined));
  const rows = (await caPromises(home)) ?? [];
  const names = rows.map(({ kind, name }) => `${kind} ${name}`);
  expect(names.filter((name) => !name.startsWith('ca ')).toSorted()).toEqual(
    ['client alice', ...NAMES.slice(0, 4).map((name) => `server ${name}`)].toSorted(),
  );
  const steps = answers.flatMap((answer) => answer.steps);
  const made = steps.filter(({ outcome }) => outcome === 'made').map(({ step }) => step);
  expect(made.filter((step) => step === 'ca' || step === 'client').toSorted()).toEqual(['ca', 'client']);
});

test('of 6 init-ca at once, one makes the CA and the others are told', async () => {
  const home = newHome();
  const runs = await Promise.all(NAMES.slice(0, 6).map(() => cli(['init-ca', '--json'], inHome(home))));
  const outcomes = runs.map(
    ({ stdout }) => (JSON.parse(stdout) as { error?: { code: string } }).error?.code ?? 'done',
  );
  expect(outcomes.toSorted()).toEqual([...Array.from({ length: 5 }, () => 'CA_DIRECTORY_EXISTS'), 'done']);
  expect(await caPromises(home)).toMatchObject([{ kind: 'ca' }]);
});
