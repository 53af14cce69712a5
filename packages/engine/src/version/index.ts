export { compareDebianVersions } from './debian-version.ts';
export { engineBuild } from './engine-build.ts';
export type { BuildFacts, EngineBuild } from './engine-build.ts';
export { compareReleases, judgeBuild } from './judge-build.ts';
export type { BuildJudgement } from './judge-build.ts';
export { runningBuild } from './running-build.ts';
export type { VersionAnswer } from './running-build.ts';
export { vulnerability, VULNERABILITIES } from './vulnerabilities.ts';
export type { Release, Vulnerability } from './vulnerabilities.ts';
