/* oxlint-disable jest/valid-title, jest/no-export, jest/require-top-level-describe -- this file makes tests out of its parameters */
import type { Diagnosis } from '@docker-mtls/doctor';
import { expect, test } from '@jest/globals';
import { importBusybox } from './busybox.ts';
import type { Host } from './host.ts';
import { SLOW } from './scripts.ts';
import { stateOf } from './state.ts';

/** Findings about the version of the engine: the packages of Debian have some, and others cannot be told. */
const ABOUT_ITS_VERSION: readonly string[] = ['DM616', 'DM617'];

/** What doctor finds on a host: the numbers, those about the engine's version left out. */
export async function findingsOn(host: Host, ...words: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr } = await host.cli('doctor', ...words, '--json');
  expect(stderr).toBe('');
  const { targets } = JSON.parse(stdout) as { readonly targets: readonly Diagnosis[] };
  const ids = targets.flatMap(({ found }) => found.map(({ id }) => id));
  return [...new Set(ids)].filter((id) => !ABOUT_ITS_VERSION.includes(id)).toSorted();
}

/** A host that was just secured is well, and looking at it changes nothing. */
export function describeDoctor(host: () => Host): void {
  test(
    'doctor finds nothing but what the version of the engine has, once it is secured',
    async () => {
      expect((await host().cli('secure', '--client', 'alice', '--apply')).code).toBe(0);
      const was = await stateOf(host());
      expect(await findingsOn(host())).toEqual([]);
      expect(await findingsOn(host(), 'tcp://localhost:2376')).toEqual([]);
      const { code, stdout } = await host().cli('check', '--json');
      expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, verdict: 'secured', findings: [] });
      expect(await stateOf(host())).toEqual(was);
    },
    SLOW,
  );
}

/** Engines before 24.0.8 remove containers with --rm when they start again, though live-restore kept them running. */
export function describeLostContainers(host: () => Host): void {
  test(
    'doctor names the containers that this engine loses at its next start',
    async () => {
      await importBusybox(host());
      expect((await host().cli('secure', '--client', 'alice', '--apply', '--live-restore')).code).toBe(0);
      const sleep = 'docker run --detach --network none --stop-signal KILL';
      await host().must(`${sleep} --name kept busybox:test sleep 600`);
      expect(await findingsOn(host())).toEqual([]);
      await host().must(`${sleep} --rm --name lost busybox:test sleep 600`);
      expect(await findingsOn(host())).toEqual(['DM611']);
      await host().must('docker rm --force kept lost');
    },
    SLOW,
  );
}
