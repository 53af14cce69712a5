import type { Finding } from '@docker-mtls/errors';
import { judgeBuild, runningBuild, vulnerability } from '../version/index.ts';
import type { VersionAnswer } from '../version/index.ts';

/** What the faults of engines that weaken a plugin mean with one of docker-mtls. */
const EFFECTS: Readonly<Record<string, string>> = {
  'CVE-2024-41110': 'a body sent with a length of 0 is not shown to the plugin',
  'CVE-2026-34040':
    'a body of 1 MiB or more is not shown to the plugin, which denies it wherever a guard applies',
  'CVE-2026-41567': 'who may copy files into a container is root on the host; the guard archive denies that',
};

type BypassFinding = Finding<'engine-bypass' | 'engine-bypass-unknown'>;

/** The faults that a running engine has, by its version and, where Debian may have fixed it, the revision of its package. */
export function bypassesOf(answer: VersionAnswer, readChangelog?: () => string): readonly BypassFinding[] {
  const version = typeof answer['Version'] === 'string' ? answer['Version'] : 'of an unknown version';
  const build = runningBuild(answer, readChangelog);
  if (build === undefined) return [unknown(`it is not known what the engine ${version} fixes`)];
  const name = `the engine ${build.revision ?? version}`;
  return Object.entries(EFFECTS).flatMap(([cve, effect]): readonly BypassFinding[] => {
    const message = `${cve} in ${name}: ${effect}`;
    switch (judgeBuild(build, vulnerability(cve))) {
      case 'fixed':
        return [];
      case 'vulnerable':
        return [{ id: 'engine-bypass', severity: 'warning', message, hint: 'update the engine' }];
      case 'unknown':
        return [unknown(`it is not known whether this is fixed: ${message}`)];
    }
  });
}

function unknown(message: string): BypassFinding {
  return { id: 'engine-bypass-unknown', severity: 'warning', message, hint: 'ask the distribution' };
}
