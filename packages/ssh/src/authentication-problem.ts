import { quote, shellWord } from '@docker-mtls/errors';
import { sshError } from './problem.ts';
import type { SshProblem } from './problem.ts';
import { firstMatch } from './ssh-log.ts';
import type { SshLog } from './ssh-log.ts';
import { account, loginCommand } from './target.ts';
import type { SshTarget } from './target.ts';

/** A key that ssh showed to the server, or has a file of: where it comes from, and its fingerprint. */
type Key = { readonly name: string; readonly fingerprint: string };

/** What happened between `Next authentication method` and `Permission denied`. */
type Authentication = {
  readonly methods: string;
  readonly offered: readonly Key[];
  /** The key that the server would have taken. */
  readonly accepted: Key | undefined;
  readonly hasAgent: boolean;
};

const AGENT = /^debug1: get_agent_identities: .*agent (?:returned|contains) /;
const NO_AGENT = 'no agent is running';

/** As ssh prints a key: its name, kind, fingerprint and where it is from. */
const KEY = String.raw`(.*?) \S+ (SHA256:\S+)(?: .*)?`;

/** Why the server did not let us in; `undefined` when that is not what went wrong. */
export function authenticationProblem(log: SshLog, target: SshTarget): SshProblem | undefined {
  if (firstMatch(log, /Too many authentication failures/)) return tooManyKeys(log, target);
  if (!firstMatch(log, /: Permission denied \(.*\)\.$/)) return undefined;
  const seen = readAuthentication(log);
  return (
    secondFactor(log, target) ??
    agentRefused(log) ??
    keyFileUnusable(log) ??
    keyLocked(seen) ??
    keysNotTaken(seen, target) ??
    (seen.offered.length === 0 ? noKey(seen, target) : keyRefused(seen, target))
  );
}

function readAuthentication(log: SshLog): Authentication {
  const [, methods = ''] = firstMatch(log, /^debug1: Authentications that can continue: (.*)$/) ?? [];
  return {
    methods,
    offered: keys(log, 'Offering public key'),
    accepted: keys(log, 'Server accepts key')[0],
    hasAgent: firstMatch(log, AGENT) !== undefined,
  };
}

function keys({ lines }: SshLog, what: string): readonly Key[] {
  const pattern = new RegExp(`^debug1: ${what}: ${KEY}$`);
  return lines.flatMap((line) => {
    const [, name, fingerprint] = pattern.exec(line) ?? [];
    return name === undefined || fingerprint === undefined ? [] : [{ name, fingerprint }];
  });
}

function secondFactor(log: SshLog, target: SshTarget): SshProblem | undefined {
  if (!firstMatch(log, /^Authenticated using "publickey" with partial success\./)) return undefined;
  const [, methods = ''] = firstMatch(log, /: Permission denied \((.*)\)\.$/) ?? [];
  return sshError(
    'second-factor',
    `the server takes the key and wants more from ${account(target)} (${methods}), which docker cannot ask for`,
    'share a connection that you log in to yourself: ControlMaster and ControlPersist in ~/.ssh/config',
  );
}

function agentRefused(log: SshLog): SshProblem | undefined {
  const pattern = /^sign_and_send_pubkey: signing failed for (.*?)(?: from agent)?: (.*)$/;
  const [, key = '', reason] = firstMatch(log, pattern) ?? [];
  if (reason === undefined) return undefined;
  return sshError(
    'agent-refused',
    `the server takes the key ${key.replaceAll('"', '')}, but nothing here signs with it: ${reason}`,
    'confirm it where the agent asks, plug in the security key, or load the key again: ssh-add',
  );
}

function keyFileUnusable(log: SshLog): SshProblem | undefined {
  const [, file = '', reason] = firstMatch(log, /^Load key "(.*)": (?!incorrect passphrase)(.*)$/) ?? [];
  if (reason === undefined) return undefined;
  const hint =
    reason === 'bad permissions'
      ? `others may read it; if nobody has: chmod 600 ${shellWord(file)}`
      : `ssh-keygen -y -f ${shellWord(file)} says more`;
  return sshError('key-file-unusable', `ssh does not use the key in ${quote(file)}: ${reason}`, hint);
}

/** The server takes a key of which ssh has the public half only: the other one wants its passphrase. */
function keyLocked({ accepted, hasAgent }: Authentication): SshProblem | undefined {
  if (accepted === undefined) return undefined;
  const agent = hasAgent ? 'the agent does not have it' : NO_AGENT;
  const start = hasAgent ? '' : 'eval "$(ssh-agent)"; ';
  return sshError(
    'key-locked',
    `the server takes the key ${quote(accepted.name)}, which is locked with a passphrase; ${agent}, and docker cannot ask`,
    `${start}ssh-add ${shellWord(accepted.name)}`,
  );
}

function keysNotTaken({ methods }: Authentication, target: SshTarget): SshProblem | undefined {
  if (/publickey/.test(methods)) return undefined;
  return sshError(
    'keys-not-taken',
    `the server lets ${account(target)} in by ${methods} alone, and docker cannot ask for a password`,
    'in sshd_config on the host: PubkeyAuthentication yes; or share a connection that you log in to (ControlMaster)',
  );
}

function noKey({ hasAgent }: Authentication, target: SshTarget): SshProblem {
  const agent = hasAgent ? 'the agent has none' : NO_AGENT;
  return sshError(
    'no-key',
    `there is no key to show to ${account(target)}: ${agent}, and no key file is where ssh looks`,
    `ssh-add the key that the host knows; or make one: ssh-keygen -t ed25519, then ${copyCommand(target)}`,
  );
}

function keyRefused({ offered, hasAgent }: Authentication, target: SshTarget): SshProblem {
  const shown = offered.map(({ name, fingerprint }) => `${quote(name)} ${fingerprint}`).join(', ');
  const agent = hasAgent ? '' : `; ${NO_AGENT}`;
  return sshError(
    'key-refused',
    `${account(target)} does not take any key that it was shown: ${shown}${agent}`,
    `${copyCommand(target)}; if it should be known there: is the user right, and has nobody else write access to ~/.ssh?`,
  );
}

function tooManyKeys(log: SshLog, target: SshTarget): SshProblem {
  const count = keys(log, 'Offering public key').length;
  return sshError(
    'too-many-keys',
    `the server hung up after ${count} keys that it does not know, before it was shown the right one`,
    `in ~/.ssh/config, for Host ${target.host.name}: IdentitiesOnly yes, and IdentityFile with that key`,
  );
}

function copyCommand({ host }: SshTarget): string {
  return loginCommand(host).replace(/^ssh /, 'ssh-copy-id ');
}
