export { compareDebianVersions } from './debian-version.ts';
export { debianRevision } from './debian-revision.ts';
export { engineBuild } from './engine-build.ts';
export type { BuildFacts, EngineBuild } from './engine-build.ts';
export { compareReleases, isFixedRelease, judgeBuild } from './judge-build.ts';
export type { BuildJudgement } from './judge-build.ts';
export { vulnerability, VULNERABILITIES } from './vulnerabilities.ts';
export type { Release, Vulnerability } from './vulnerabilities.ts';
