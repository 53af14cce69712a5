import { parseSerial } from '@docker-mtls/ca';
import { AuthzError } from '../error.ts';

/** Something that is kept out until the lock is removed or ends: a certificate, all of a name, or all with a role. */
export type Lock = {
  readonly id: string;
  readonly target: LockTarget;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly until: number | undefined;
};

export type LockTarget = { readonly kind: LockKind; readonly value: string };
export type LockKind = (typeof LOCK_KINDS)[number];

export const LOCK_KINDS = ['serial', 'name', 'fingerprint', 'role'] as const;

const API_VERSION = 'docker-mtls/locks.v1';
const MOST = 10_000;
const VALUES: Readonly<Record<LockKind, RegExp>> = {
  serial: /^[0-9a-f]{1,40}$/,
  name: /^[^\p{Cc}]{1,128}$/u,
  fingerprint: /^[0-9a-f]{64}$/,
  role: /^[a-z][a-z0-9-]{0,62}$/,
};
const ID = /^[1-9][0-9]{0,8}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/;

/** A target as it is compared: other programs print hexadecimal in other ways. `undefined` where nothing can be called that. */
export function parseLockTarget(kind: LockKind, text: string): LockTarget | undefined {
  const value = comparable(kind, text);
  return value !== undefined && VALUES[kind].test(value) ? { kind, value } : undefined;
}

function comparable(kind: LockKind, text: string): string | undefined {
  if (kind === 'serial') return parseSerial(text);
  return kind === 'fingerprint' ? text.replaceAll(':', '').toLowerCase() : text;
}

/** The file of the locks. Whatever is not exactly right is refused. `AUTHZ_LOCKS_INVALID`. */
export function parseLocks(text: string): readonly Lock[] {
  const file = objectOf(parse(text), ['apiVersion', 'locks']);
  const { apiVersion, locks } = file;
  if (apiVersion !== API_VERSION) throw invalid(`apiVersion is not ${API_VERSION}`);
  if (!Array.isArray(locks) || locks.length > MOST) throw invalid(`locks is not a list of at most ${MOST}`);
  const parsed = locks.map(lockOf);
  if (new Set(parsed.map(({ id }) => id)).size !== parsed.length) throw invalid('two locks have one id');
  return parsed;
}

export function formatLocks(locks: readonly Lock[]): string {
  const entries = locks.map(({ id, target, reason, until }) => ({
    id,
    [target.kind]: target.value,
    reason,
    ...(until !== undefined && { until: new Date(until).toISOString() }),
  }));
  return `${JSON.stringify({ apiVersion: API_VERSION, locks: entries }, undefined, 2)}\n`;
}

export function isInForce({ until }: Lock, now: number): boolean {
  return until === undefined || now < until;
}

function lockOf(value: unknown): Lock {
  const entry = objectOf(value, ['id', ...LOCK_KINDS, 'reason', 'until']);
  const { id, reason, until } = entry;
  const [kind, ...others] = LOCK_KINDS.filter((each) => entry[each] !== undefined);
  if (typeof id !== 'string' || !ID.test(id)) throw invalid('a lock has no number for an id');
  if (kind === undefined || others.length > 0) throw invalid(`the lock ${id} has not exactly one target`);
  if (typeof reason !== 'string' || !/^[^\p{Cc}]{0,256}$/u.test(reason))
    throw invalid(`the lock ${id} has no reason of at most 256 characters`);
  const target = parseLockTarget(kind, String(entry[kind]));
  if (target === undefined) throw invalid(`${JSON.stringify(entry[kind])} is not a ${kind}`);
  return { id, target, reason, until: momentOf(until, id) };
}

function momentOf(until: unknown, id: string): number | undefined {
  if (until === undefined) return undefined;
  const moment = typeof until === 'string' && MOMENT.test(until) ? Date.parse(until) : Number.NaN;
  // 31 February would be a day in March.
  const isReal =
    !Number.isNaN(moment) && new Date(moment).toISOString().slice(0, 19) === String(until).slice(0, 19);
  if (!isReal) throw invalid(`until of the lock ${id} is not a moment such as 2027-01-31T12:00:00Z`);
  return moment;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is not JSON');
  }
}

function objectOf(value: unknown, members: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('an entry is no object');
  const unknown = Object.keys(value).find((name) => !members.includes(name));
  if (unknown !== undefined) throw invalid(`the member ${JSON.stringify(unknown)} is unknown`);
  return value as Record<string, unknown>;
}

function invalid(reason: string): AuthzError {
  return new AuthzError('AUTHZ_LOCKS_INVALID', `the locks cannot be used: ${reason}`, {
    hint: 'change them with docker-mtls authz lock',
  });
}
