import type { SshProblemCode } from '@docker-mtls/ssh';
import type { Row } from './row.ts';

export type SshWord = SshProblemCode | 'connections-limited';

/** DM4xx: engines over SSH. */
export const SSH: Readonly<Record<SshWord, Row>> = {
  'ssh-missing': {
    id: 'DM401',
    severity: 'error',
    title: 'There is no ssh command here',
    fix: 'install the OpenSSH client (openssh-client)',
  },
  'ssh-configuration': {
    id: 'DM402',
    severity: 'error',
    title: 'ssh cannot use its configuration for this host',
    fix: 'run ssh -G HOST, and correct what it complains of',
  },
  'name-unresolved': {
    id: 'DM403',
    severity: 'error',
    title: 'The name of the host has no address',
    fix: 'correct the name, or add it to DNS or /etc/hosts',
  },
  unreachable: {
    id: 'DM404',
    severity: 'error',
    title: 'No route leads to the host',
    fix: 'see whether the host runs, and whether a firewall or VPN is in between',
  },
  'connection-refused': {
    id: 'DM405',
    severity: 'error',
    title: 'No SSH server listens on the host',
    fix: 'start sshd there, or name the right port',
  },
  'connection-timeout': {
    id: 'DM406',
    severity: 'error',
    title: 'The SSH server does not answer',
    fix: 'see whether the host runs, and whether a firewall is in between',
  },
  'connection-closed': {
    id: 'DM407',
    severity: 'error',
    title: 'The SSH server closed the connection at once',
    fix: 'look into the log of sshd there: it may limit or ban this address',
  },
  'not-ssh': {
    id: 'DM408',
    severity: 'error',
    title: 'What answers is not an SSH server',
    fix: 'name the port of sshd',
  },
  'jump-failed': {
    id: 'DM409',
    severity: 'error',
    title: 'A host or program on the way did not connect further',
    fix: 'try ssh to the host in between first',
  },
  'no-common-algorithm': {
    id: 'DM410',
    severity: 'error',
    title: 'Both sides of SSH are too far apart in age',
    fix: 'update OpenSSH on the older side',
  },
  'host-key-unknown': {
    id: 'DM411',
    severity: 'error',
    title: 'The key of the host is not known here',
    fix: 'compare its fingerprint on the host, and log in once with ssh',
  },
  'host-key-changed': {
    id: 'DM412',
    severity: 'error',
    title: 'The key of the host is another than before',
    fix: 'ask who runs the host to confirm the new fingerprint before you remove the old key',
  },
  'host-key-revoked': {
    id: 'DM413',
    severity: 'error',
    title: 'The key of the host was revoked',
    fix: 'ask who runs the host for a new key',
  },
  'no-key': {
    id: 'DM414',
    severity: 'error',
    title: 'There is no SSH key to log in with',
    fix: 'make one with ssh-keygen, and add it to the account there',
  },
  'key-refused': {
    id: 'DM415',
    severity: 'error',
    title: 'The account does not accept the SSH keys that were shown',
    fix: 'add the public key to authorized_keys of the account',
  },
  'too-many-keys': {
    id: 'DM416',
    severity: 'error',
    title: 'The server hung up before it saw the right SSH key',
    fix: 'name the key with IdentityFile and IdentitiesOnly in ~/.ssh/config',
  },
  'key-locked': {
    id: 'DM417',
    severity: 'error',
    title: 'The right SSH key has a passphrase and is not in the agent',
    fix: 'run ssh-add',
  },
  'key-file-unusable': {
    id: 'DM418',
    severity: 'error',
    title: 'ssh does not use the file of a key',
    fix: 'correct its owner and mode: chmod 600',
  },
  'agent-refused': {
    id: 'DM419',
    severity: 'error',
    title: 'The agent did not sign',
    fix: 'confirm at the agent or the security key, or load the key again',
  },
  'keys-not-taken': {
    id: 'DM420',
    severity: 'error',
    title: 'The server accepts no SSH keys',
    fix: 'allow publickey in sshd_config there',
  },
  'second-factor': {
    id: 'DM421',
    severity: 'error',
    title: 'The server asks for more than a key',
    fix: 'use an account that needs a key alone',
  },
  'account-unusable': {
    id: 'DM422',
    severity: 'error',
    title: 'The account runs no commands',
    fix: 'give the account a shell and no forced command',
  },
  'output-noise': {
    id: 'DM423',
    severity: 'error',
    title: 'The account prints text at every command, which docker takes for the answer',
    fix: 'print to terminals alone in the start files of its shell',
  },
  'docker-missing': {
    id: 'DM424',
    severity: 'error',
    title: 'The account has no docker command in its PATH',
    fix: 'install the Docker CLI there, or add its folder to the PATH of commands over SSH',
  },
  'docker-too-old': {
    id: 'DM425',
    severity: 'error',
    title: 'The docker command of the account is older than 18.09',
    fix: 'update Docker on that host',
  },
  'engine-elsewhere': {
    id: 'DM426',
    severity: 'warning',
    title: 'The docker command of the account uses another engine',
    fix: 'unset DOCKER_HOST there, or run docker context use default',
  },
  'socket-denied': {
    id: 'DM427',
    severity: 'error',
    title: 'The account may not use the socket of the engine',
    fix: 'use another account: the group docker is equal to root',
  },
  'engine-stopped': {
    id: 'DM428',
    severity: 'error',
    title: 'The engine of the host does not run',
    fix: 'run systemctl start docker there',
  },
  'engine-silent': {
    id: 'DM429',
    severity: 'error',
    title: 'The engine of the host does not answer',
    fix: 'look into journalctl -u docker there',
  },
  'engine-refuses': {
    id: 'DM430',
    severity: 'error',
    title: 'The engine of the host answers with an error',
    fix: 'look into the log of the engine: an authorization plugin may be at work',
  },
  'docker-missing-here': {
    id: 'DM431',
    severity: 'error',
    title: 'There is no docker command here',
    fix: 'install the Docker CLI',
  },
  'docker-refuses-here': {
    id: 'DM432',
    severity: 'error',
    title: 'The docker command here does not connect',
    fix: 'run docker -H ssh://… version, and read what it says',
  },
  unexplained: {
    id: 'DM433',
    severity: 'error',
    title: 'docker over SSH fails for a reason that is not known',
    fix: 'read what was said, and try docker system dial-stdio over ssh',
  },
  'connections-limited': {
    id: 'DM434',
    severity: 'note',
    title: 'An engine over SSH refuses connections that come at once (MaxStartups)',
    fix: 'raise MaxStartups in sshd_config, share connections with ControlMaster, or use TLS',
  },
};
