import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { deliverLists } from '@docker-mtls/secure/lists';
import type { Delivery } from '@docker-mtls/secure/lists';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';

let ca: TestCa;
let order: Required<Delivery>;

const own = (): Buffer => fs.readFileSync(path.join(order.directory, 'crl.pem'));

beforeEach(async () => {
  ca = await makeTestCa(['issue-client', 'alice']);
  const directory = path.join(ca.folder, 'ca');
  order = { directory, targets: [], plugin: path.join(ca.folder, 'plugin.pem') };
});

test('a plugin that goes by lists of the CA gets the next ones without being named', async () => {
  fs.writeFileSync(order.plugin, own());
  await ca.run('revoke', 'alice', '--yes');
  expect(await deliverLists(order, ca.io.env)).toEqual([{ to: order.plugin }]);
  expect(fs.readFileSync(order.plugin)).toEqual(own());
  const targets = [{ path: order.plugin }];
  expect(await deliverLists({ ...order, targets }, ca.io.env)).toEqual([{ to: order.plugin }]);
});

test('a plugin that goes by lists of another CA keeps them, and none is made where there was none', async () => {
  expect(await deliverLists(order, ca.io.env)).toEqual([]);
  expect(fs.existsSync(order.plugin)).toBe(false);
  const other = await makeTestCa();
  const theirs = fs.readFileSync(path.join(other.folder, 'ca/crl.pem'));
  fs.writeFileSync(order.plugin, theirs);
  expect(await deliverLists(order, ca.io.env)).toEqual([]);
  expect(fs.readFileSync(order.plugin)).toEqual(theirs);
});

test('revoke puts the list to where it is told, and says where it could not', async () => {
  const { stdout, exitCode } = await ca.run(
    'revoke',
    'alice',
    '--yes',
    '--push',
    'proxy.pem',
    '--push',
    'none/crl.pem',
    '--json',
  );
  const [first, second] = (JSON.parse(String(stdout)) as { pushed: readonly { problem?: string }[] }).pushed;
  expect([exitCode, first?.problem, typeof second?.problem]).toEqual([1, undefined, 'string']);
  expect(fs.readFileSync(path.join(ca.folder, 'proxy.pem'))).toEqual(own());
});
