import {
  addLock,
  isInForce,
  LOCK_KINDS,
  locksFile,
  parseLockTarget,
  readLocks,
  removeLock,
} from '@docker-mtls/authz';
import type { Lock, LockKind, LockTarget } from '@docker-mtls/authz';
import { parseDuration } from '@docker-mtls/ca';
import { quote, shellWord, unlessRefused } from '@docker-mtls/errors';
import { moment, table } from '@docker-mtls/text';
import { policyFileOf, readNamedPolicy } from '../../authz/read-policy.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { parseMoment } from '../../command-line/parse-moment.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';

export async function addAction(args: Args, io: Io): Promise<Report> {
  const target = targetOf(args);
  if (target.kind === 'role') warnOfUnknownRole(target.value, args, io);
  const lock = addLock(fileOf(args, io), {
    target,
    reason: args.text('reason') ?? '',
    until: untilOf(args, io.now()),
  });
  const policy = args.text('policy');
  const named = policy === undefined ? '' : ` --policy ${shellWord(policy)}`;
  return {
    json: jsonOf(lock, io.now()),
    text: `Locked the ${target.kind} ${target.value}\nundo: docker-mtls authz lock remove ${lock.id}${named}\n`,
  };
}

/** The lock may be there before the role is; but a slip of the pen would lock nobody out. */
function warnOfUnknownRole(role: string, args: Args, io: Io): void {
  const roles = unlessRefused(() => [...readNamedPolicy(args, io).policy.roles.keys()]);
  if (roles === undefined || roles.includes(role)) return;
  io.note(`warning: the policy has no role ${quote(role)}, so this locks nobody; it has ${roles.join(', ')}`);
}

export async function listLocksAction(args: Args, io: Io): Promise<Report> {
  const locks = readLocks(fileOf(args, io));
  const now = io.now();
  const rows = locks.map((lock) => [
    lock.id,
    lock.target.kind,
    lock.target.value,
    lock.until === undefined ? 'removed' : moment(new Date(lock.until)),
    lock.reason,
  ]);
  const head = ['ID', 'KIND', 'WHAT', 'UNTIL', 'REASON'];
  return {
    json: { locks: locks.map((lock) => jsonOf(lock, now)) },
    text: rows.length === 0 ? 'No locks\n' : table([head, ...rows]),
  };
}

export async function removeAction(args: Args, io: Io): Promise<Report> {
  const lock = removeLock(fileOf(args, io), args.text('id') ?? '');
  const { kind, value } = lock.target;
  return { json: jsonOf(lock, io.now()), text: `Removed the lock of the ${kind} ${value}\n` };
}

function fileOf(args: Args, io: Io): string {
  return locksFile(policyFileOf(args.text('policy'), io));
}

function targetOf(args: Args): LockTarget {
  const [target, ...others] = LOCK_KINDS.flatMap((kind) => {
    const text = args.text(kind);
    return text === undefined ? [] : [targetNamed(kind, text)];
  });
  if (target !== undefined && others.length === 0) return target;
  throw new UsageError(
    target === undefined ? 'nothing to lock was named' : 'several things to lock were named',
    'give one of --serial, --name, --fingerprint and --role',
  );
}

function targetNamed(kind: LockKind, text: string): LockTarget {
  const target = parseLockTarget(kind, text);
  if (target !== undefined) return target;
  throw new UsageError(`--${kind} ${quote(text)} cannot be a ${kind}`, FORMS[kind]);
}

const FORMS: Readonly<Record<LockKind, string>> = {
  serial: 'write it in hexadecimal, as docker-mtls list prints it',
  name: 'write the common name of the certificate',
  fingerprint: 'write its SHA-256, as docker-mtls show prints it',
  role: 'write the name of a role of the policy',
};

/** Milliseconds since 1970. */
function untilOf(args: Args, now: Date): number | undefined {
  const text = args.text('until');
  if (text === undefined) return undefined;
  const seconds = parseDuration(text);
  const until = seconds === undefined ? parseMoment(text) : now.getTime() + seconds * 1000;
  if (until !== undefined && until > now.getTime()) return until;
  throw new UsageError(
    `--until ${text} is not in the future`,
    'write 12h, 2027-01-31 or 2027-01-31T12:00:00Z',
  );
}

function jsonOf(lock: Lock, now: Date): Readonly<Record<string, unknown>> {
  const { id, target, reason, until } = lock;
  return {
    id,
    kind: target.kind,
    value: target.value,
    reason,
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    inForce: isInForce(lock, now.getTime()),
  };
}
