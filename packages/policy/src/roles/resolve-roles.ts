import { quote } from '@docker-mtls/errors';
import { foldName } from '../body/fold-name.ts';
import type { Fail } from '../document/read-yaml.ts';
import type { ObjectRule, Role } from '../document/policy.ts';
import { guardsOf } from '../guards.ts';
import type { GuardLevel } from '../guards.ts';
import { OPERATIONS, operationsOf } from '../operations/operation.ts';
import { BUILT_IN_ROLES } from './built-in.ts';

/** A role of a policy's text, with the places that an error has to name. */
export type RoleInText = {
  readonly name: string;
  readonly offset: number;
  readonly inherits: readonly { readonly name: string; readonly offset: number }[];
  readonly allow: readonly string[];
  readonly guards: GuardLevel | undefined;
  readonly unknownFields: readonly string[];
  readonly objects: ObjectRule | undefined;
};

type Resolved = { readonly role: Role; readonly level: GuardLevel; readonly depth: number };

/** Longer chains nobody follows, and the stack would end. */
const DEEPEST = 32;

/** From the most to the least that has to be proven. */
const LEVELS: readonly GuardLevel[] = ['restricted', 'baseline', 'none'];

/**
 * The built-in roles and a policy's own. A role has the permissions of those that it inherits, their object rules and its own,
 * and one level of guards for all: its own, else the strictest that it inherits, else restricted.
 */
export function resolveRoles(own: readonly RoleInText[], fail: Fail): ReadonlyMap<string, Role> {
  const texts = new Map(Object.entries(BUILT_IN_ROLES).map(([name, role]) => [name, builtIn(name, role)]));
  for (const role of own) {
    if (texts.has(role.name) || role.name === 'none') {
      fail(
        role.offset,
        `the name ${quote(role.name)} is taken`,
        'choose another name, and inherit from the built-in role',
      );
    }
    texts.set(role.name, role);
  }
  const resolved = new Map<string, Resolved>();
  for (const text of texts.values()) resolve(text, { texts, resolved, fail, path: [] });
  return new Map([...resolved].map(([name, { role }]) => [name, role]));
}

function builtIn(
  name: string,
  { inherits = [], allow, guards }: (typeof BUILT_IN_ROLES)[string],
): RoleInText {
  const parents = inherits.map((parent) => ({ name: parent, offset: 0 }));
  return { name, offset: 0, inherits: parents, allow, guards, unknownFields: [], objects: undefined };
}

type Work = {
  readonly texts: ReadonlyMap<string, RoleInText>;
  readonly resolved: Map<string, Resolved>;
  readonly fail: Fail;
  readonly path: readonly string[];
};

function resolve(text: RoleInText, work: Work): Resolved {
  const known = work.resolved.get(text.name);
  if (known !== undefined) return known;
  const path = [...work.path, text.name];
  if (path.length > DEEPEST) return tooDeep(text, work);
  const parents = text.inherits.map(({ name, offset }) => {
    const parent = work.texts.get(name);
    if (parent === undefined)
      return work.fail(offset, `no role is named ${quote(name)}`, 'name an existing role');
    if (path.includes(name))
      return work.fail(offset, `the role ${quote(name)} inherits itself`, 'break the circle');
    return resolve(parent, { ...work, path });
  });
  const result = combine(text, parents);
  // Roles that were resolved before are not in the path.
  if (result.depth > DEEPEST) return tooDeep(text, work);
  work.resolved.set(text.name, result);
  return result;
}

function tooDeep({ offset }: RoleInText, { fail }: Work): never {
  return fail(offset, `a role inherits over more than ${DEEPEST - 1} others`, 'inherit more directly');
}

function combine(text: RoleInText, parents: readonly Resolved[]): Resolved {
  const inherited = LEVELS.find((each) => parents.some((parent) => parent.level === each));
  const level = text.guards ?? inherited ?? 'restricted';
  const roles = parents.map(({ role }) => role);
  const role = {
    name: text.name,
    operations: new Set([
      ...text.allow.flatMap((entry) => [...operationsOf(entry)]),
      ...roles.flatMap((each) => [...each.operations]),
    ]),
    guards: guardsOf(level),
    // What comes over two ways counts once: it would double at each level.
    objects: [
      ...new Set([
        ...roles.flatMap((each) => each.objects),
        ...(text.objects === undefined ? [] : [text.objects]),
      ]),
    ],
    unknownFields: new Set([
      ...text.unknownFields.map(foldName),
      ...roles.flatMap((each) => [...each.unknownFields]),
    ]),
  };
  return { role, level, depth: 1 + Math.max(0, ...parents.map(({ depth }) => depth)) };
}

/** May do everything to every object, with nothing guarded. */
export function isAdministrator({ operations, guards, objects }: Role): boolean {
  return operations.size === OPERATIONS.size && guards.size === 0 && objects.length === 0;
}
