import { expect, test } from '@jest/globals';
import { bypassesOf } from './engine-bypasses.ts';

const PLATFORM = { Name: 'Docker Engine - Community' };
const BUILT = '2026-08-10T15:00:00.000000000+00:00';
const NONE = (): string => '';

/** Of a package that was built then. */
function changelog(revision: string): () => string {
  return () =>
    `docker.io (${revision}) unstable; urgency=medium\n\n -- A <a@b.c>  Mon, 10 Aug 2026 15:00:00 +0000\n`;
}

function found(answer: Readonly<Record<string, unknown>>, readChangelog = NONE): readonly string[] {
  return bypassesOf(answer, readChangelog).map(
    ({ id, message }) => `${id} ${/CVE-[0-9-]+/.exec(message)?.[0] ?? ''}`,
  );
}

test.each<[string, readonly string[]]>([
  ['29.5.1', []],
  ['29.10.1', []],
  ['29.3.1', ['engine-bypass CVE-2026-41567']],
  ['25.0.17', []],
  ['25.0.16', ['engine-bypass CVE-2026-41567']],
  [
    '27.1.0',
    ['engine-bypass CVE-2024-41110', 'engine-bypass CVE-2026-34040', 'engine-bypass CVE-2026-41567'],
  ],
  ['20.10.24', ['engine-bypass CVE-2024-41110', 'engine-bypass CVE-2026-34040']],
  ['dev', ['engine-bypass-unknown ']],
])('an engine %s as its makers release it has %j', (version, wanted) => {
  expect(found({ Version: version, Platform: PLATFORM })).toEqual(wanted);
});

test('the revision decides where Debian fixed an earlier release', () => {
  const running = { Version: '28.5.2+dfsg4', BuildTime: BUILT };
  expect(found(running, changelog('28.5.2+dfsg4-3'))).toEqual([]);
  expect(found(running, changelog('28.5.2+dfsg4-1'))).toEqual([
    'engine-bypass CVE-2026-34040',
    'engine-bypass CVE-2026-41567',
  ]);
});

test('a package that is not known, or not that of the running engine, leaves it open', () => {
  const open = ['engine-bypass-unknown CVE-2026-34040', 'engine-bypass-unknown CVE-2026-41567'];
  const running = { Version: '28.5.2+dfsg4', BuildTime: BUILT };
  expect(found(running)).toEqual(open);
  expect(found({ ...running, BuildTime: '2026-06-01T00:00:00Z' }, changelog('28.5.2+dfsg4-3'))).toEqual(open);
  expect(found({ Version: '28.5.2' })).toEqual(open);
});
