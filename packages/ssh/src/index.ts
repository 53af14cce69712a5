export { checkSsh } from './check-ssh.ts';
export type { SshCheckOptions, SshCheck } from './check-ssh.ts';
export type { ReachedEngine } from './ask-docker.ts';
export type { Patience } from './run-there.ts';
export type { SshProblem, SshProblemCode } from './problem.ts';
export { SshError } from './ssh-error.ts';
export type { SshErrorCode } from './ssh-error.ts';
export { parseSshHost } from './ssh-host.ts';
export type { SshHost } from './ssh-host.ts';
