import { isFixedRelease, vulnerability } from '@docker-mtls/engine/version';

/** docker cp into a container runs a program of the container as root. */
const UNPACKS_AS_ROOT = 'CVE-2026-41567';

/**
 * Is an engine of this version known not to run programs of a container as root when it unpacks an archive there? A
 * distribution may have fixed an earlier release, which its version does not show: then it is not known.
 */
export function unpacksSafely(version: unknown): boolean {
  const [, major = '', minor = '', patch = ''] =
    (typeof version === 'string' && /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?=\+|$)/.exec(version)) || [];
  if (major === '') return false;
  return isFixedRelease([Number(major), Number(minor), Number(patch)], vulnerability(UNPACKS_AS_ROOT));
}
