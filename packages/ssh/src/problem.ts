/** What keeps `docker -H ssh://` from working: a word for programs. README.md says what each one means. */
export type SshProblemCode =
  | 'account-unusable'
  | 'agent-refused'
  | 'connection-closed'
  | 'connection-refused'
  | 'connection-timeout'
  | 'docker-missing'
  | 'docker-missing-here'
  | 'docker-refuses-here'
  | 'docker-too-old'
  | 'engine-elsewhere'
  | 'engine-refuses'
  | 'engine-silent'
  | 'engine-stopped'
  | 'host-key-changed'
  | 'host-key-revoked'
  | 'host-key-unknown'
  | 'jump-failed'
  | 'key-file-unusable'
  | 'key-locked'
  | 'key-refused'
  | 'keys-not-taken'
  | 'name-unresolved'
  | 'no-common-algorithm'
  | 'no-key'
  | 'not-ssh'
  | 'output-noise'
  | 'second-factor'
  | 'socket-denied'
  | 'ssh-configuration'
  | 'ssh-missing'
  | 'too-many-keys'
  | 'unexplained'
  | 'unreachable';

/** `error`: it does not work. `warning`: it does, and not as one would think. */
export type SshProblem = {
  readonly problem: SshProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What to do; most often the very command. */
  readonly hint: string;
};

export function sshError(problem: SshProblemCode, message: string, hint: string): SshProblem {
  return { problem, severity: 'error', message, hint };
}

export function sshWarning(problem: SshProblemCode, message: string, hint: string): SshProblem {
  return { problem, severity: 'warning', message, hint };
}
