import { compareDebianVersions } from './debian-version.ts';
import type { EngineBuild } from './engine-build.ts';
import { KNOWN_DEBIAN } from './vulnerabilities.ts';
import type { Release, Vulnerability } from './vulnerabilities.ts';

/** `unknown`: a distributor may have fixed it without a new number, or where it came in is not known. */
export type BuildJudgement = 'fixed' | 'vulnerable' | 'unknown';

/** Does this build have the vulnerability? The number of the release alone tells only for builds of Docker itself. */
export function judgeBuild(build: EngineBuild, vulnerability: Vulnerability): BuildJudgement {
  const { since, fixed } = vulnerability;
  const { release } = build;
  if (isFixedRelease(release, vulnerability)) return 'fixed';
  const byNumber =
    since === undefined && !fixed.some(([major]) => major === release[0]) ? 'unknown' : 'vulnerable';
  if (build.builder === 'docker') return byNumber;
  return build.builder === 'debian' ? judgeDebian(build, vulnerability, byNumber) : 'unknown';
}

/** Is this release without it, by its number alone: older than the fault, fixed on its own branch, or newer than all of that? */
function isFixedRelease(release: Release, { since, fixed }: Vulnerability): boolean {
  if (since !== undefined && compareReleases(release, since) < 0) return true;
  return isFixedIn(release, fixed);
}

export function compareReleases(one: Release, other: Release): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

/** Fixed on its own branch, or newer than the newest branch that was fixed. */
function isFixedIn(release: Release, fixed: readonly Release[]): boolean {
  const newest = fixed.at(-1);
  if (newest !== undefined && compareReleases(release, newest) >= 0) return true;
  return fixed.some(
    ([major, minor, patch]) => release[0] === major && release[1] === minor && release[2] >= patch,
  );
}

/** The revision tells what was fixed in the package; only Debian's own, of the same release, can be compared. */
function judgeDebian(
  { release, revision }: EngineBuild,
  { debian = [] }: Vulnerability,
  byNumber: BuildJudgement,
): BuildJudgement {
  if (revision === undefined) return 'unknown';
  const upstream = `${release.join('.')}+dfsg`;
  const isOfRelease = (each: string): boolean => each.startsWith(upstream);
  const known = KNOWN_DEBIAN.find(isOfRelease);
  if (known === undefined || !isOfRelease(revision)) return 'unknown';
  const fix = debian.find(isOfRelease);
  if (fix !== undefined && compareDebianVersions(revision, fix) >= 0) return 'fixed';
  return compareDebianVersions(revision, known) > 0 ? 'unknown' : fix === undefined ? byNumber : 'vulnerable';
}
