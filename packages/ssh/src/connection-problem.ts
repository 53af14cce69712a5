import { quote, shellWord } from '@docker-mtls/errors';
import { sshError } from './problem.ts';
import type { SshProblem } from './problem.ts';
import { firstMatch } from './ssh-log.ts';
import type { SshLog } from './ssh-log.ts';
import { loginCommand } from './target.ts';
import type { SshTarget } from './target.ts';

/** What ssh said, and the line by which it is known. */
type Seen = { readonly match: RegExpExecArray; readonly log: SshLog; readonly target: SshTarget };

type Rule = {
  readonly pattern: RegExp;
  readonly explain: (seen: Seen) => SshProblem;
};

/**
 * Why ssh did not get as far as to ask who we are; `undefined` when that is not what went wrong. The texts are those of
 * OpenSSH's sshconnect.c, packet.c and kex.c; those of the C library in them come in English (`LC_ALL=C`).
 */
export function connectionProblem(log: SshLog, target: SshTarget): SshProblem | undefined {
  // What a host in between says names that host, and would be taken for this one's.
  if (target.configuration.via !== undefined && firstMatch(log, /UNKNOWN port/))
    return jumpFailed(log, target);
  for (const { pattern, explain } of RULES) {
    const match = firstMatch(log, pattern);
    if (match !== undefined) return explain({ match, log, target });
  }
  return undefined;
}

const RULES: readonly Rule[] = [
  { pattern: /^ssh: Could not resolve hostname (\S+): (.*)$/, explain: nameUnresolved },
  { pattern: /^ssh: connect to host \S+ port \d+: Connection refused$/, explain: connectionRefused },
  {
    pattern: /^ssh: connect to host \S+ port \d+: (?:Connection|Operation) timed out$/,
    explain: connectionTimeout,
  },
  {
    pattern: /^Connection (?:timed out during banner exchange|to \S+ port \d+ timed out)$/,
    explain: connectionTimeout,
  },
  { pattern: /^ssh: connect to host \S+ port \d+: (.*)$/, explain: unreachable },
  {
    pattern: /^Unable to negotiate with .*: (no matching .* found)\. Their offer: (.*)$/,
    explain: noCommonAlgorithm,
  },
  { pattern: /^@\s+WARNING: REVOKED HOST KEY DETECTED!/, explain: hostKeyRevoked },
  { pattern: /^@\s+WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!/, explain: hostKeyChanged },
  {
    pattern: /^No (\S+) host key is known for (\S+) and you have requested strict checking/,
    explain: hostKeyUnknown,
  },
  { pattern: /^Host key verification failed/, explain: hostKeyUnknown },
  // A real server may also say something first, so this is the last thing to think of.
  {
    pattern: /^(?:debug1: )?kex_exchange_identification: (?:banner line \d+: (.*)|client sent invalid.*)$/,
    explain: notSsh,
  },
  { pattern: /^Bad remote protocol version identification: (.*)$/, explain: notSsh },
  {
    pattern:
      /^(?:(?:kex|ssh)_exchange_identification: (?!banner)|banner exchange: |Connection (?:closed|reset) by )/,
    explain: connectionClosed,
  },
];

function jumpFailed(log: SshLog, { configuration }: SshTarget): SshProblem {
  const said = log.lines.findLast(
    (line) => line !== '' && !/^debug\d: |UNKNOWN port|_exchange_identification: /.test(line),
  );
  const why =
    said === undefined || said.startsWith('OpenSSH_') ? 'it said nothing' : `it said ${quote(said)}`;
  const way = quote(configuration.via ?? '');
  return sshError(
    'jump-failed',
    `the way to the host leads over ${way}, and ended there: ${why}`,
    'fix ProxyJump or ProxyCommand in ~/.ssh/config, and that host',
  );
}

function nameUnresolved({ match: [, name = '', reason = ''] }: Seen): SshProblem {
  return sshError(
    'name-unresolved',
    `no address is known for ${quote(name)}: ${reason}`,
    'check the spelling; or give it an address in DNS, in /etc/hosts, or as HostName in ~/.ssh/config',
  );
}

function connectionRefused({ target }: Seen): SshProblem {
  return sshError(
    'connection-refused',
    `nothing listens at ${place(target)}: no sshd is running there, or it has another port`,
    'on the host: systemctl start ssh (or sshd); or name its port, as in ssh://user@host:2222',
  );
}

function connectionTimeout({ target }: Seen): SshProblem {
  return sshError(
    'connection-timeout',
    `${place(target)} gave no answer in time: the host is down, or a firewall drops what comes`,
    "switch it on, or open that port in its firewall and in the network's",
  );
}

function unreachable({ match: [, reason = ''], target }: Seen): SshProblem {
  return sshError(
    'unreachable',
    `there is no way to ${place(target)}: ${reason}`,
    'check the address, the network, and whether a VPN is needed',
  );
}

function notSsh({ match: [, said], target }: Seen): SshProblem {
  const what = said === undefined ? '' : ` (it said ${quote(said)})`;
  return sshError(
    'not-ssh',
    `what answers at ${place(target)} is no SSH server${what}`,
    'name the port of its sshd, as in ssh://user@host:2222',
  );
}

function connectionClosed({ target }: Seen): SshProblem {
  return sshError(
    'connection-closed',
    `${place(target)} hung up before anybody could log in`,
    'on the host: journalctl -u ssh says why (too many connections, a ban of this address, or no SSH server at all)',
  );
}

function noCommonAlgorithm({ match: [, what = '', offer = ''] }: Seen): SshProblem {
  return sshError(
    'no-common-algorithm',
    `ssh here and the server there have no algorithm in common: ${what}, it offers ${quote(offer)}`,
    'update the older of the two',
  );
}

function hostKeyRevoked({ log }: Seen): SshProblem {
  return sshError(
    'host-key-revoked',
    `the host shows a key that was revoked${shown(log)}: another machine may be answering`,
    'do not go on; ask who runs the host',
  );
}

function hostKeyChanged({ log, target: { host } }: Seen): SshProblem {
  const [, file = '', line = ''] = firstMatch(log, /^Offending \S+ key in (.*):(\d+)$/) ?? [];
  const [, name = host.name] = firstMatch(log, /^Host key for (\S+) has changed/) ?? [];
  const known = file === '' ? '' : `, and another is known in ${quote(file)}, line ${line}`;
  return sshError(
    'host-key-changed',
    `the host shows another key than before${shown(log)}${known}: the host was reinstalled, or someone is intercepting the connection`,
    `only if who runs the host confirms the new fingerprint: ssh-keygen ${file === '' ? '' : `-f ${shellWord(file)} `}-R ${shellWord(name)}, then ${loginCommand(host)}`,
  );
}

function hostKeyUnknown({ log, target }: Seen): SshProblem {
  const { host, configuration } = target;
  const taken = configuration.takesNewHostKeys
    ? ' (your ssh configuration would take whatever key comes first)'
    : '';
  return sshError(
    'host-key-unknown',
    `the key of ${host.name} is not known here yet${shown(log)}${taken}`,
    `compare that with ssh-keygen -lf /etc/ssh/ssh_host_${keyType(log)}_key.pub on the host; then say yes to ${loginCommand(host, '-o StrictHostKeyChecking=ask')}`,
  );
}

/** The host's key as it was sent: `, ED25519 SHA256:…`. */
function shown(log: SshLog): string {
  const [, type, fingerprint] = firstMatch(log, SERVER_KEY) ?? [];
  return fingerprint === undefined ? '' : `, ${type} ${fingerprint}`;
}

const SERVER_KEY = /^debug1: Server host key: (\S+) (\S+)$/;

/** As sshd names its files. */
function keyType(log: SshLog): string {
  const [, type = ''] = firstMatch(log, SERVER_KEY) ?? [];
  return /ed25519|ecdsa|rsa/.exec(type)?.[0] ?? '*';
}

function place({ configuration }: SshTarget): string {
  const { hostName, port } = configuration;
  return `${hostName.includes(':') ? `[${hostName}]` : hostName}:${port}`;
}
