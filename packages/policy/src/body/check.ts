import type { Lookup, LookupKind } from '../decide/request.ts';
import type { GuardName } from '../guards.ts';
import { foldName } from './fold-name.ts';
import type { BodyValue, JsonNumber, BodyObject } from './parse-json.ts';

/** Something that a request asks for and a guard refuses. */
export type Breach = {
  readonly guard: GuardName;
  /** The member of the body, such as `HostConfig.Privileged`, or the parameter of the query. */
  readonly where: string;
  readonly problem: string;
  /** The folded name of a member that is unknown. */
  readonly member?: string;
};

/** Where checks write down what they found. */
export type Findings = {
  readonly breaches: Breach[];
  /** Named volumes and networks, whose settings the request does not show. */
  readonly volumes: Set<string>;
  readonly networks: Set<string>;
  /** Other existing objects that it uses, which a rule on objects has to permit. */
  readonly uses: Lookup[];
};

export type Check = (value: BodyValue, where: string, findings: Findings) => void;

export function noFindings(): Findings {
  return { breaches: [], volumes: new Set(), networks: new Set(), uses: [] };
}

/** More than that no request needs that is to be allowed, and each costs time in which the engine waits. */
const MOST = 1000;

/** So many findings that the rest of the body is not looked at: it is refused. */
export function isFull({ breaches, volumes, networks, uses }: Findings): boolean {
  return breaches.length + volumes.size + networks.size + uses.length >= MOST;
}

/** A check of the value's type. null leaves Go's zero value, so it is of every type. */
function typed(kind: string, isRight: (value: Exclude<BodyValue, null>) => boolean): Check {
  return (value, where, { breaches }) => {
    if (value !== null && !isRight(value)) breaches.push({ guard: 'body', where, problem: `is not ${kind}` });
  };
}

export const text: Check = typed('text', (value) => typeof value === 'string');
/** What an object of this kind is called. */
export function used(kind: LookupKind, refersTo: (value: string) => string = (value) => value): Check {
  return (value, where, findings) => {
    text(value, where, findings);
    const reference = typeof value === 'string' ? refersTo(value) : '';
    if (reference !== '') findings.uses.push({ kind, reference });
  };
}

export const flag: Check = typed('true or false', (value) => typeof value === 'boolean');
export const number: Check = typed('a number', isNumber);
export const wholeNumber: Check = typed(
  'an integer of 64 bits',
  (value) => isNumber(value) && isInt64(value.number),
);

export function isNumber(value: BodyValue): value is JsonNumber {
  return typeof value === 'object' && value !== null && 'number' in value;
}

function isInt64(digits: string): boolean {
  return /^-?[0-9]{1,19}$/.test(digits) && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits);
}

export function isObject(value: BodyValue | undefined): value is BodyObject {
  return value instanceof Map;
}

export function listOf(of: Check): Check {
  return (value, where, findings) => {
    if (value === null) return;
    if (!Array.isArray(value)) {
      findings.breaches.push({ guard: 'body', where, problem: 'is not a list' });
      return;
    }
    for (const [index, item] of (value as readonly BodyValue[]).entries()) {
      if (isFull(findings)) return;
      of(item, `${where}[${index}]`, findings);
    }
  };
}

/** An object with names of its own, such as labels. */
export function map(of: Check): Check {
  return (value, where, findings) => {
    if (value === null) return;
    if (!isObject(value)) {
      findings.breaches.push({ guard: 'body', where, problem: 'is not an object' });
      return;
    }
    for (const [name, item] of value) {
      if (isFull(findings)) return;
      of(item, `${where}[${JSON.stringify(name)}]`, findings);
    }
  };
}

/** An object that the engine decodes into a struct: its members' names have no case, and each comes once. */
export function struct(fields: Readonly<Record<string, Check>>): Check {
  const known = new Map(Object.entries(fields).map(([name, check]) => [foldName(name), { name, check }]));
  return (value, where, findings) => {
    if (value === null) return;
    if (!isObject(value)) {
      findings.breaches.push({ guard: 'body', where, problem: 'is not an object' });
      return;
    }
    const seen = new Set<string>();
    for (const [written, item] of value) {
      if (isFull(findings)) return;
      const folded = foldName(written);
      const field = known.get(folded);
      const place = where === '' ? (field?.name ?? written) : `${where}.${field?.name ?? written}`;
      if (seen.has(folded))
        findings.breaches.push({ guard: 'body', where: place, problem: 'is there twice' });
      seen.add(folded);
      if (field !== undefined) field.check(item, place, findings);
      else
        findings.breaches.push({
          guard: 'unknown-fields',
          where: place,
          problem: 'is unknown',
          member: folded,
        });
    }
  };
}

/** Of the type, and refused by the guard unless it is null or permitted. */
export function only(guard: GuardName, type: Check, isPermitted: (value: BodyValue) => boolean): Check {
  return (value, where, findings) => {
    type(value, where, findings);
    if (value !== null && !isPermitted(value)) {
      findings.breaches.push({ guard, where, problem: `is ${describe(value)}` });
    }
  };
}

/** Text that is one of these. */
export function oneOf(guard: GuardName, values: readonly string[]): Check {
  return only(guard, text, (value) => typeof value === 'string' && values.includes(value));
}

/** A list, map or struct that has to be empty. */
export function empty(guard: GuardName): Check {
  return (value, where, { breaches }) => {
    const isEmpty =
      value === null || (Array.isArray(value) && value.length === 0) || (isObject(value) && value.size === 0);
    if (!isEmpty) breaches.push({ guard, where, problem: 'is not empty' });
  };
}

/** Several checks of one value. */
export function all(...checks: readonly Check[]): Check {
  return (value, where, findings) => checks.forEach((check) => check(value, where, findings));
}

/** A member as Go finds it, whatever the case of its name. */
export function memberOf(value: BodyValue | undefined, name: string): BodyValue | undefined {
  if (!isObject(value)) return undefined;
  const exact = value.get(name);
  if (exact !== undefined) return exact;
  const folded = foldName(name);
  for (const [written, member] of value) if (foldName(written) === folded) return member;
  return undefined;
}

function describe(value: BodyValue): string {
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value).slice(0, 80);
  return isNumber(value) ? value.number : 'not empty';
}
