import { expect, test } from '@jest/globals';
import type { Run } from '@docker-mtls/run';
import { bypassesOf } from './engine-bypasses.ts';

/** A machine with that package. Its comparison knows the two revisions of a case alone. */
function machine(installed: string, isFixed: boolean): Run {
  return async (program) => ({
    code: program === 'dpkg' && !isFixed ? 1 : 0,
    stdout: program === 'dpkg-query' ? installed : '',
    stderr: '',
  });
}

const NONE: Run = async () => ({
  code: undefined,
  stdout: '',
  stderr: '',
  trouble: { kind: 'missing', text: 'it was not found' },
});

async function found(version: string, run: Run): Promise<readonly string[]> {
  const findings = await bypassesOf(version, run);
  return findings.map(({ id, message }) => `${id} ${/CVE-[0-9-]+/.exec(message)?.[0] ?? ''}`);
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
])('an engine %s as its makers release it has %j', async (version, wanted) => {
  expect(await found(version, NONE)).toEqual(wanted);
});

test('the package decides where a distribution fixed an earlier release', async () => {
  const version = '28.5.2+dfsg4';
  expect(await found(version, machine('28.5.2+dfsg4-3', true))).toEqual([]);
  expect(await found(version, machine('28.5.2+dfsg4-1', false))).toEqual([
    'engine-bypass CVE-2026-34040',
    'engine-bypass CVE-2026-41567',
  ]);
});

test('a package that is not known, or not that of the running engine, leaves it open', async () => {
  const open = ['engine-bypass-unknown CVE-2026-34040', 'engine-bypass-unknown CVE-2026-41567'];
  expect(await found('28.5.2+dfsg4', NONE)).toEqual(open);
  expect(await found('28.5.2+dfsg4', machine('29.5.1+dfsg1-1', true))).toEqual(open);
});
