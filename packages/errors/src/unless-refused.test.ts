import { expect, test } from '@jest/globals';
import { MtlsError, orRefused, orRefusedLater, refusalOf, unlessRefused } from './index.ts';

const REFUSAL = new MtlsError('X_CODE', 'what is wrong');

function refuse(): string {
  throw REFUSAL;
}

function fail(): string {
  throw new TypeError('a bug');
}

test('what is taken comes back', async () => {
  expect(unlessRefused(() => 'x')).toBe('x');
  expect(
    orRefused(
      () => 'x',
      () => 'y',
    ),
  ).toBe('x');
  expect(
    await orRefusedLater(
      async () => 'x',
      () => 'y',
    ),
  ).toBe('x');
  expect(refusalOf(() => 'x')).toBeUndefined();
});

test('what is refused comes to what is made of that', async () => {
  expect(unlessRefused(refuse)).toBeUndefined();
  expect(orRefused(refuse, ({ code }) => code)).toBe('X_CODE');
  expect(
    await orRefusedLater(
      async () => refuse(),
      ({ code }) => code,
    ),
  ).toBe('X_CODE');
  expect(refusalOf(refuse)).toBe(REFUSAL);
});

test('a bug is thrown on', async () => {
  for (const work of [unlessRefused, refusalOf]) expect(() => work(fail)).toThrow('a bug');
  expect(() => orRefused(fail, () => 'y')).toThrow('a bug');
  await expect(
    orRefusedLater(
      async () => fail(),
      () => 'y',
    ),
  ).rejects.toThrow('a bug');
});
