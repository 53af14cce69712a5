import { expect, test } from '@jest/globals';
import { unpacksSafely } from './unpacks-safely.ts';

const BUILT = '2026-08-10T15:00:00.000000000+00:00';

/** Of a package that was built then. */
function changelog(revision: string): () => string {
  return () =>
    `docker.io (${revision}) unstable; urgency=medium\n\n -- A <a@b.c>  Mon, 10 Aug 2026 15:00:00 +0000\n`;
}

const NONE = (): string => '';

test.each(['20.10.24+dfsg1', '23.0.15', '25.0.17', '29.5.1', '29.7.2', '29.10.1', '30.0.0'])(
  'an engine %s is known to unpack safely',
  (version) => {
    expect(unpacksSafely({ Version: version }, NONE)).toBe(true);
  },
);

test.each([
  '24.0.0',
  '24.0.9',
  '25.0.16',
  '26.1.5+dfsg1',
  '28.5.2+dfsg4',
  '28.5.2',
  '29.5.0',
  '29.5.1-rc.1',
  '29.5',
  'dev',
  '',
  undefined,
  20,
])('an engine %s is not', (version) => {
  expect(unpacksSafely({ Version: version }, NONE)).toBe(false);
});

test.each([
  ['28.5.2+dfsg4', '28.5.2+dfsg4-3', true],
  ['28.5.2+dfsg4', '28.5.2+dfsg4-5', true],
  ['28.5.2+dfsg4', '28.5.2+dfsg4-2', false],
  ['26.1.5+dfsg1', '26.1.5+dfsg1-9+deb13u1', false],
  ['28.5.2', '28.5.2+dfsg4-5', false],
])('an engine %s of the package %s: %s', (version, revision, isSafe) => {
  expect(unpacksSafely({ Version: version, BuildTime: BUILT }, changelog(revision))).toBe(isSafe);
});

test('an engine that was not restarted since its package was replaced is not', () => {
  const running = { Version: '28.5.2+dfsg4', BuildTime: '2026-06-01T00:00:00.000000000+00:00' };
  expect(unpacksSafely(running, changelog('28.5.2+dfsg4-5'))).toBe(false);
});
