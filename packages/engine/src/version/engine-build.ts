/** A build of an engine, as far as it is known. */
export type EngineBuild = {
  /** Of moby: major, minor, patch. */
  readonly release: readonly [number, number, number];
  /** Who built it: Docker itself, Debian, or another distributor, which may have fixed more than the number says. */
  readonly builder: 'docker' | 'debian' | 'other';
  /** Version of the package with its revision, such as `26.1.5+dfsg1-9+deb13u1`. */
  readonly revision: string | undefined;
};

export type BuildFacts = {
  /** As the engine names itself: `28.5.2`, `26.1.5+dfsg1`. */
  readonly version: string;
  /** `Platform.Name` of GET /version: `Docker Engine - Community` for the packages of Docker. */
  readonly platform?: string | undefined;
  /** The package that the program came with, and its version. */
  readonly package?: { readonly name: string; readonly version: string } | undefined;
};

/** Works out whose build of which release it is; `undefined` for a version that is none of moby's. */
export function engineBuild({ version, platform, package: from }: BuildFacts): EngineBuild | undefined {
  const [, major, minor, patch] = /^v?(\d{1,3})\.(\d{1,3})\.(\d{1,4})(?![\d.])/.exec(version) ?? [];
  if (major === undefined) return undefined;
  const release = [Number(major), Number(minor), Number(patch)] as const;
  if (from?.name === 'docker-ce' || platform?.startsWith('Docker Engine') === true)
    return { release, builder: 'docker', revision: undefined };
  const isDebian = version.includes('+dfsg') || from?.version.includes('+dfsg') === true;
  return { release, builder: isDebian ? 'debian' : 'other', revision: from?.version };
}
