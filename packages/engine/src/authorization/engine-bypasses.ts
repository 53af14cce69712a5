import type { Finding } from '@docker-mtls/errors';
import type { Run } from '@docker-mtls/run';
import { isFixedRelease, vulnerability } from '../version/index.ts';
import type { Release, Vulnerability } from '../version/index.ts';

/** What the faults of engines that weaken a plugin mean with one of docker-mtls. */
const EFFECTS: Readonly<Record<string, string>> = {
  'CVE-2024-41110': 'a body sent with a length of 0 is not shown to the plugin',
  'CVE-2026-34040':
    'a body of 1 MiB or more is not shown to the plugin, which denies it wherever a guard applies',
  'CVE-2026-41567': 'who may copy files into a container is root on the host; the guard archive denies that',
};

type BypassFinding = Finding<'engine-bypass' | 'engine-bypass-unknown'>;

/** The faults that an engine of this version has, by its version and, where a distribution may have fixed it, its package. */
export async function bypassesOf(version: string, run: Run): Promise<readonly BypassFinding[]> {
  const numbers = numbersOf(version);
  if (numbers === undefined) return [unknown(`the version of the engine is ${version || 'not known'}`)];
  const findings: BypassFinding[] = [];
  for (const [cve, effect] of Object.entries(EFFECTS)) {
    const bypass = vulnerability(cve);
    if (isFixedRelease(numbers, bypass)) continue;
    const isFixed = await isFixedByPackage(version, bypass, run);
    const what = `${cve} in the engine ${version}: ${effect}`;
    if (isFixed === undefined) findings.push(unknown(`it is not known whether the package fixed ${what}`));
    if (isFixed === false)
      findings.push({ id: 'engine-bypass', severity: 'warning', message: what, hint: 'update the engine' });
  }
  return findings;
}

function unknown(message: string): BypassFinding {
  return { id: 'engine-bypass-unknown', severity: 'warning', message, hint: 'ask the distribution' };
}

function numbersOf(version: string): Release | undefined {
  const [, major, minor, patch] = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?=\+|$)/.exec(version) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

/** A version with `+` is a distribution's. The running engine may be older than its package where it was not restarted. */
async function isFixedByPackage(
  version: string,
  { debian = [] }: Vulnerability,
  run: Run,
): Promise<boolean | undefined> {
  if (!version.includes('+')) return false;
  const [upstream = ''] = version.split('+', 1);
  const first = debian.find((each) => each.startsWith(`${upstream}+`));
  if (first === undefined) return undefined;
  const installed = await run('dpkg-query', ['--show', '--showformat=${Version}', 'docker.io']);
  if (installed.code !== 0 || !installed.stdout.startsWith(version)) return undefined;
  const { code } = await run('dpkg', ['--compare-versions', installed.stdout, 'ge', first]);
  return code === undefined ? undefined : code === 0;
}
