/**
 * Is an engine of this version known not to run programs of a container as root when it unpacks an archive there
 * (CVE-2026-41567)? Affected are 24.0 to 29.5.0; 29.5.1 and 25.0.17 are fixed. A distribution may have fixed an earlier one, which
 * its version does not show: then it is not known.
 */
export function unpacksSafely(version: unknown): boolean {
  const [, major = '', minor = '', patch = ''] =
    (typeof version === 'string' && /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?=\+|$)/.exec(version)) || [];
  if (major === '') return false;
  const number = [Number(major), Number(minor), Number(patch)] as const;
  if (number[0] < 24) return true;
  return number[0] === 25 ? isAtLeast(number, [25, 0, 17]) : isAtLeast(number, [29, 5, 1]);
}

type Version = readonly [number, number, number];

function isAtLeast(version: Version, least: Version): boolean {
  for (const [at, part] of least.entries()) {
    const own = version[at] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
