import { gunzipSync } from 'node:zlib';
import { readFileIfExists } from '@docker-mtls/files';
import { debianRevision } from './debian-revision.ts';
import { engineBuild } from './engine-build.ts';
import type { EngineBuild } from './engine-build.ts';

/** Of Debian's package, written by root alone. */
const CHANGELOG = '/usr/share/doc/docker.io/changelog.Debian.gz';
const LARGEST = 8 * 1024 * 1024;

/** A release as its makers number it: of a candidate it is not known what it fixes. */
const RELEASE = /^\d{1,3}\.\d{1,3}\.\d{1,3}(?=\+|$)/;

/** What GET /version says of an engine. */
export type VersionAnswer = Readonly<Record<string, unknown>>;

/** The build of this machine's running engine, with the revision of Debian's package where it is that. */
export function runningBuild(
  { Version: version, Platform: platform, BuildTime: built }: VersionAnswer,
  readChangelog: () => string = readDebianChangelog,
): EngineBuild | undefined {
  if (typeof version !== 'string' || !RELEASE.test(version)) return undefined;
  const revision = version.includes('+dfsg') ? debianRevision(readChangelog(), built) : undefined;
  return engineBuild({
    version,
    platform: nameOf(platform),
    ...(revision !== undefined && { package: { name: 'docker.io', version: revision } }),
  });
}

function nameOf(platform: unknown): string | undefined {
  const isNamed = typeof platform === 'object' && platform !== null && 'Name' in platform;
  return isNamed && typeof platform.Name === 'string' ? platform.Name : undefined;
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
