/** The newest entry of a changelog of Debian: `docker.io (28.5.2+dfsg4-3) unstable; …`, and its last line with the date. */
const NEWEST = /^docker\.io \((\S+)\)[^\n]*\n(?:(?! -- )[^\n]*\n)* -- [^\n]*> {2}([^\n]+)(?:\n|$)/;

/**
 * The revision of Debian's package that a running engine is. Its build time (`BuildTime` of GET /version) is the date of the newest
 * entry of the changelog that the package was built with (SOURCE_DATE_EPOCH), so an engine that still runs after its package was
 * replaced is not taken for the new one. Undefined where they differ.
 */
export function debianRevision(changelog: string, buildTime: unknown): string | undefined {
  const [, revision, date = ''] = NEWEST.exec(changelog) ?? [];
  const built = typeof buildTime === 'string' ? Date.parse(buildTime) : Number.NaN;
  return built === Date.parse(date) ? revision : undefined;
}
