import type { Finding } from '@docker-mtls/errors';
import type { Run } from '@docker-mtls/run';

type Numbers = readonly [number, number, number];

/** A fault of engines that weakens an authorization plugin, and the releases that do not have it. */
type Bypass = {
  readonly cve: string;
  readonly effect: string;
  /** The first release that has it; undefined: the first that had plugins. */
  readonly since: Numbers | undefined;
  /** The first good release of each branch; the last entry holds for all later ones too. */
  readonly fixed: readonly Numbers[];
  /** Packages of Debian that fixed an earlier release, by the upstream part of their version. */
  readonly debian: Readonly<Record<string, string>>;
};

const BYPASSES: readonly Bypass[] = [
  {
    cve: 'CVE-2024-41110',
    effect: 'a body sent with a length of 0 is not shown to the plugin',
    since: undefined,
    fixed: [
      [23, 0, 15],
      [25, 0, 6],
      [26, 1, 5],
      [27, 1, 1],
    ],
    debian: { '20.10.24': '20.10.24+dfsg1-1+deb12u1' },
  },
  {
    cve: 'CVE-2026-34040',
    effect: 'a body of 1 MiB or more is not shown to the plugin, which denies it wherever a guard applies',
    since: undefined,
    fixed: [
      [25, 0, 16],
      [29, 3, 1],
    ],
    debian: { '26.1.5': '26.1.5+dfsg1-9+deb13u1', '28.5.2': '28.5.2+dfsg4-2' },
  },
  {
    cve: 'CVE-2026-41567',
    effect: 'who may copy files into a container is root on the host; the guard archive denies that',
    since: [24, 0, 0],
    fixed: [
      [25, 0, 17],
      [29, 5, 1],
    ],
    debian: { '28.5.2': '28.5.2+dfsg4-3' },
  },
];

type BypassFinding = Finding<'engine-bypass' | 'engine-bypass-unknown'>;

/** The faults that an engine of this version has, by its version and, where a distribution may have fixed it, its package. */
export async function bypassesOf(version: string, run: Run): Promise<readonly BypassFinding[]> {
  const numbers = numbersOf(version);
  if (numbers === undefined) return [unknown(`the version of the engine is ${version || 'not known'}`)];
  const findings: BypassFinding[] = [];
  for (const bypass of BYPASSES) {
    if (isGood(numbers, bypass)) continue;
    const isFixed = await isFixedByPackage(version, bypass, run);
    const what = `${bypass.cve} in the engine ${version}: ${bypass.effect}`;
    if (isFixed === undefined) findings.push(unknown(`it is not known whether the package fixed ${what}`));
    if (isFixed === false)
      findings.push({ id: 'engine-bypass', severity: 'warning', message: what, hint: 'update the engine' });
  }
  return findings;
}

function unknown(message: string): BypassFinding {
  return { id: 'engine-bypass-unknown', severity: 'warning', message, hint: 'ask the distribution' };
}

function numbersOf(version: string): Numbers | undefined {
  const [, major, minor, patch] = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?=\+|$)/.exec(version) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

function isGood(version: Numbers, { since, fixed }: Bypass): boolean {
  if (since !== undefined && compare(version, since) < 0) return true;
  const last = fixed.at(-1);
  if (last !== undefined && compare(version, last) >= 0) return true;
  return fixed.some((first) => version[0] === first[0] && compare(version, first) >= 0);
}

function compare(one: Numbers, other: Numbers): number {
  for (const [at, part] of one.entries()) if (part !== other[at]) return part - (other[at] ?? 0);
  return 0;
}

/** A version with `+` is a distribution's. The running engine may be older than its package where it was not restarted. */
async function isFixedByPackage(version: string, { debian }: Bypass, run: Run): Promise<boolean | undefined> {
  if (!version.includes('+')) return false;
  const first = debian[version.split('+', 1)[0] ?? ''];
  if (first === undefined) return undefined;
  const installed = await run('dpkg-query', ['--show', '--showformat=${Version}', 'docker.io']);
  if (installed.code !== 0 || !installed.stdout.startsWith(version)) return undefined;
  const { code } = await run('dpkg', ['--compare-versions', installed.stdout, 'ge', first]);
  return code === undefined ? undefined : code === 0;
}
