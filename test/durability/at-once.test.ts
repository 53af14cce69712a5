import { expect, test } from '@jest/globals';
import { cli } from '../support/cli.ts';
import { caPromises } from './ca-promises.ts';
import { homeWithPairs, newHome } from './homes.ts';
import { inHome } from './kill-everywhere.ts';

const NAMES = Array.from({ length: 20 }, (_, index) => `client-${index}`);

test('20 issue-client at once make 20 pairs with 20 serials, and none of them fails', async () => {
  const home = await homeWithPairs();
  const runs = await Promise.all(NAMES.map((name) => cli(['issue-client', name, '--json'], inHome(home))));
  for (const { code, stderr } of runs) expect({ code, stderr }).toMatchObject({ code: 0 });
  const rows = (await caPromises(home)) ?? [];
  const clients = rows.filter(({ name }) => name.startsWith('client-'));
  expect(clients.map(({ name }) => name).toSorted()).toEqual(NAMES.toSorted());
  expect(new Set(clients.map(({ serial }) => serial)).size).toBe(NAMES.length);
}, 120_000);

test('of 8 issue-client with one name at once, one wins and the others are told', async () => {
  const home = await homeWithPairs();
  const runs = await Promise.all(
    NAMES.slice(0, 8).map(() => cli(['issue-client', 'alice', '--json'], inHome(home))),
  );
  const outcomes = runs.map(
    ({ stdout }) => (JSON.parse(stdout) as { error?: { code: string } }).error?.code ?? 'done',
  );
  expect(outcomes.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'STORE_NAME_TAKEN'), 'done']);
  const rows = (await caPromises(home)) ?? [];
  expect(rows.filter(({ name }) => name === 'alice')).toHaveLength(1);
}, 120_000);

test('of 6 init-ca at once, one makes the CA and the others are told', async () => {
  const home = newHome();
  const runs = await Promise.all(NAMES.slice(0, 6).map(() => cli(['init-ca', '--json'], inHome(home))));
  const outcomes = runs.map(
    ({ stdout }) => (JSON.parse(stdout) as { error?: { code: string } }).error?.code ?? 'done',
  );
  expect(outcomes.toSorted()).toEqual([...Array.from({ length: 5 }, () => 'STORE_EXISTS'), 'done']);
  expect(await caPromises(home)).toMatchObject([{ kind: 'ca' }]);
}, 120_000);
