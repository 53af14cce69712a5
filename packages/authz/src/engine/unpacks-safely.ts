import { judgeBuild, runningBuild, vulnerability } from '@docker-mtls/engine/version';
import type { VersionAnswer } from '@docker-mtls/engine/version';

/** docker cp into a container runs a program of the container as root. */
const UNPACKS_AS_ROOT = 'CVE-2026-41567';

/**
 * Is the engine that answers GET /version like this known not to run programs of a container as root when it unpacks an archive
 * there? Debian fixes earlier releases, which their revision shows; of other distributors it is not known.
 */
export function unpacksSafely(answer: VersionAnswer, readChangelog?: () => string): boolean {
  const build = runningBuild(answer, readChangelog);
  return build !== undefined && judgeBuild(build, vulnerability(UNPACKS_AS_ROOT)) === 'fixed';
}
