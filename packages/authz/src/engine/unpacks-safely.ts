import { gunzipSync } from 'node:zlib';
import { readFileIfExists } from '@docker-mtls/files';
import { debianRevision, engineBuild, judgeBuild, vulnerability } from '@docker-mtls/engine/version';

/** docker cp into a container runs a program of the container as root. */
const UNPACKS_AS_ROOT = 'CVE-2026-41567';

/** Of Debian's package, written by root alone. */
const CHANGELOG = '/usr/share/doc/docker.io/changelog.Debian.gz';
const LARGEST = 8 * 1024 * 1024;

/** A release as its makers number it: of a candidate it is not known what it fixes. */
const RELEASE = /^\d{1,3}\.\d{1,3}\.\d{1,3}(?=\+|$)/;

/**
 * Is the engine that answers GET /version like this known not to run programs of a container as root when it unpacks an archive
 * there? Debian fixes earlier releases, which their revision shows; of other distributors it is not known.
 */
export function unpacksSafely(
  { Version: version, Platform: platform, BuildTime: built }: Readonly<Record<string, unknown>>,
  readChangelog: () => string = readDebianChangelog,
): boolean {
  if (typeof version !== 'string' || !RELEASE.test(version)) return false;
  const revision = version.includes('+dfsg') ? debianRevision(readChangelog(), built) : undefined;
  const build = engineBuild({
    version,
    platform: nameOf(platform),
    ...(revision !== undefined && { package: { name: 'docker.io', version: revision } }),
  });
  return build !== undefined && judgeBuild(build, vulnerability(UNPACKS_AS_ROOT)) === 'fixed';
}

function nameOf(platform: unknown): string | undefined {
  const name =
    typeof platform === 'object' && platform !== null && 'Name' in platform ? platform.Name : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** Empty where there is none that can be read. */
function readDebianChangelog(): string {
  try {
    const bytes = readFileIfExists(CHANGELOG, LARGEST);
    return bytes === undefined ? '' : gunzipSync(bytes, { maxOutputLength: LARGEST }).toString('utf8');
  } catch {
    return '';
  }
}
