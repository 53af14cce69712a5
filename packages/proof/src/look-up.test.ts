import { expect, test } from '@jest/globals';
import { lookUp } from './index.ts';

test.each(['127.0.0.1', '::1', '10.0.0.5'])('the address %s leads to itself', async (address) => {
  expect(await lookUp(address, 1000)).toEqual({ addresses: [address] });
});

test('a name leads to its addresses', async () => {
  const found = await lookUp('localhost', 5000);
  expect('addresses' in found && found.addresses).toContain('127.0.0.1');
  expect(process.env['RES_OPTIONS']).toBeUndefined();
});

test('a name that does not exist says so, in words, whatever DNS does', async () => {
  const found = await lookUp('nowhere.invalid', 5000);
  expect('failure' in found && found.failure).toMatch(/name .*(?:no address|looked up|not found)/);
});

test('what waits behind other names ends with its patience', async () => {
  const names = Array.from({ length: 20 }, (_, at) => `n${at}.invalid`);
  const found = await Promise.all(names.map((name) => lookUp(name, 1)));
  expect(found.every((each) => 'failure' in each)).toBe(true);
}, 30_000);
