import { quote, quoteJson } from '@docker-mtls/errors';
import { CaError } from '../error.ts';
import { KEY_TYPES, isKeyType } from '../keys/key-type.ts';
import type { KeyType } from '../keys/key-type.ts';
import { LONGEST_LIFETIME, SHORTEST_LIFETIME, parseDuration } from './lifetime.ts';

export type ProfileKind = 'ca' | 'server' | 'client';
export type ProfileKeyUsage = 'digitalSignature' | 'keyEncipherment' | 'keyCertSign' | 'cRLSign';
export type ProfileExtKeyUsage = 'serverAuth' | 'clientAuth';

/** How certificates of one kind are made, checked once by `parseProfile`. Durations in seconds. */
export type Profile = {
  readonly kind: ProfileKind;
  readonly keyType: KeyType;
  readonly lifetime: number;
  readonly backdate: number;
  readonly keyUsage: readonly ProfileKeyUsage[];
  readonly extKeyUsage: readonly ProfileExtKeyUsage[];
};

type Rules = {
  readonly keyUsage: readonly ProfileKeyUsage[];
  readonly optionalKeyUsage: readonly ProfileKeyUsage[];
  readonly extKeyUsage: readonly ProfileExtKeyUsage[];
};

/** One certificate, one role: a server's that were also a client's would be root on every engine that trusts the CA. */
const RULES: Readonly<Record<ProfileKind, Rules>> = {
  ca: { keyUsage: ['keyCertSign', 'cRLSign'], optionalKeyUsage: [], extKeyUsage: [] },
  server: {
    keyUsage: ['digitalSignature'],
    optionalKeyUsage: ['keyEncipherment'],
    extKeyUsage: ['serverAuth'],
  },
  client: { keyUsage: ['digitalSignature'], optionalKeyUsage: [], extKeyUsage: ['clientAuth'] },
};

const LONGEST_BACKDATE = 86_400;
const FIELDS = ['keyType', 'lifetime', 'backdate', 'keyUsage', 'extKeyUsage'] as const;

/**
 * Checks what a profile's file says: every key, every value, nothing unknown. All that is wrong is reported at once,
 * each with its path. `CA_PROFILE_INVALID`.
 */
export function parseProfile(kind: ProfileKind, json: unknown): Profile {
  const problems: string[] = [];
  const fields = profileFields(json, problems);
  const profile: Profile = {
    kind,
    keyType: keyTypeField(fields['keyType'], problems),
    lifetime: durationField('lifetime', fields['lifetime'], [SHORTEST_LIFETIME, LONGEST_LIFETIME], problems),
    backdate: durationField('backdate', fields['backdate'], [0, LONGEST_BACKDATE], problems),
    keyUsage: usageField('keyUsage', fields['keyUsage'], keyUsageRules(kind), problems),
    extKeyUsage: usageField('extKeyUsage', fields['extKeyUsage'], extKeyUsageRules(kind), problems),
  };
  if (problems.length === 0) return profile;
  throw new CaError('CA_PROFILE_INVALID', `${kind} profile: ${problems.join('; ')}`, {
    hint: `fix profiles/${kind}.json; README.md of the CA directory explains every key`,
  });
}

function profileFields(json: unknown, problems: string[]): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    problems.push('not a JSON object');
    return {};
  }
  const fields = Object.fromEntries(Object.entries(json));
  const known: readonly string[] = FIELDS;
  const unknown = Object.keys(fields).filter((key) => !known.includes(key));
  const missing = known.filter((key) => !Object.hasOwn(fields, key));
  problems.push(...unknown.map((key) => `${quote(key)}: unknown key`));
  problems.push(...missing.map((key) => `${key}: missing`));
  return fields;
}

function keyTypeField(value: unknown, problems: string[]): KeyType {
  if (isKeyType(value)) return value;
  if (value !== undefined) problems.push(`keyType: ${show(value)} is none of ${KEY_TYPES.join(', ')}`);
  return 'ec-p256';
}

type Range = readonly [from: number, to: number];

function durationField(path: string, value: unknown, [from, to]: Range, problems: string[]): number {
  if (value === undefined) return from;
  const seconds = typeof value === 'string' ? parseDuration(value) : undefined;
  if (seconds === undefined)
    problems.push(`${path}: ${show(value)} is not a duration such as "365d", "12h" or "5m"`);
  else if (seconds < from || seconds > to)
    problems.push(`${path}: ${show(value)} is not from ${from}s to ${to}s`);
  return seconds ?? from;
}

type UsageRules<Usage> = { readonly needed: readonly Usage[]; readonly optional: readonly Usage[] };

function keyUsageRules(kind: ProfileKind): UsageRules<ProfileKeyUsage> {
  return { needed: RULES[kind].keyUsage, optional: RULES[kind].optionalKeyUsage };
}

function extKeyUsageRules(kind: ProfileKind): UsageRules<ProfileExtKeyUsage> {
  return { needed: RULES[kind].extKeyUsage, optional: [] };
}

function usageField<Usage extends string>(
  path: string,
  value: unknown,
  { needed, optional }: UsageRules<Usage>,
  problems: string[],
): readonly Usage[] {
  if (value === undefined) return needed;
  if (!Array.isArray(value)) {
    problems.push(`${path}: not a list`);
    return needed;
  }
  const allowed = [...needed, ...optional];
  const listed: readonly unknown[] = value;
  for (const [index, item] of listed.entries()) {
    if (!allowed.some((usage) => usage === item))
      problems.push(`${path}[${index}]: ${show(item)} does not belong here`);
    else if (listed.indexOf(item) !== index) problems.push(`${path}[${index}]: ${show(item)} is there twice`);
  }
  problems.push(
    ...needed.filter((usage) => !listed.includes(usage)).map((usage) => `${path}: ${usage} is missing`),
  );
  return allowed.filter((usage) => listed.includes(usage));
}

function show(value: unknown): string {
  return typeof value === 'string' ? quote(value) : quoteJson(value);
}
