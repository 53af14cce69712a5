import { quote } from '@docker-mtls/errors';
import type { Fail, Located } from './read-yaml.ts';
import type { RecordShape, Shape } from './shape.ts';
import { chosenBy } from './shape.ts';

/** Ends with an error at the first place where the text is not of the shape. */
export function checkShape(value: Located, shape: Shape, fail: Fail): void {
  const wrong = (kind: string): never =>
    fail(value.offset, `expected ${shape.about}: ${kind}`, hintFor(value, kind));
  switch (shape.kind) {
    case 'any':
      return;
    case 'text':
      return value.kind === 'text' ? checkText(value, shape, fail) : wrong('text');
    case 'list':
      if (value.kind !== 'list') return wrong('a list');
      if (value.items.length < (shape.least ?? 0)) return wrong('a list that is not empty');
      return value.items.forEach((item) => checkShape(item, shape.of, fail));
    case 'map':
      if (value.kind !== 'map') return wrong('a map');
      if (value.members.size < (shape.least ?? 0)) return wrong('a map that is not empty');
      return checkMap(value, shape, fail);
    case 'record':
      if (value.kind !== 'map') return wrong('a map');
      if (value.members.size < (shape.least ?? 0))
        return wrong(`at least one of ${Object.keys(shape.fields).join(', ')}`);
      return checkRecord(value, shape, fail);
    case 'choice': {
      if (value.kind !== 'map') return wrong('a map');
      const chosen = shape.of.filter((each) => value.members.has(chosenBy(each)));
      const [one] = chosen;
      if (chosen.length !== 1 || one === undefined)
        return wrong(`one of ${shape.of.map(chosenBy).join(', ')}`);
      return checkRecord(value, one, fail);
    }
  }
}

/** As many values as a message can list. */
const FEW = 8;

type Text = Extract<Located, { kind: 'text' }>;
type MapNode = Extract<Located, { kind: 'map' }>;

function checkText({ value, offset }: Text, shape: Extract<Shape, { kind: 'text' }>, fail: Fail): void {
  if (shape.pattern !== undefined && !new RegExp(shape.pattern, 'u').test(value)) {
    fail(offset, `${quote(value)} is not ${shape.about}`, `use a value that matches ${shape.pattern}`);
  }
  const { values } = shape;
  if (values === undefined || values.includes(value)) return;
  if (values.length > FEW)
    fail(offset, `${quote(value)} is not ${shape.about}`, 'use a name that docs/policy.md lists');
  fail(offset, `${quote(value)} is not one of ${values.join(', ')}`, 'use one of these values');
}

function checkMap({ members }: MapNode, shape: Extract<Shape, { kind: 'map' }>, fail: Fail): void {
  const pattern = new RegExp(shape.keys, 'u');
  for (const [name, { offset, value }] of members) {
    if (!pattern.test(name))
      fail(offset, `the name ${quote(name)} is not permitted`, `use a name that matches ${shape.keys}`);
    checkShape(value, shape.of, fail);
  }
}

function checkRecord({ members, offset }: MapNode, shape: RecordShape, fail: Fail): void {
  for (const [name, member] of members) {
    const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    if (field === undefined) {
      return fail(
        member.offset,
        `unknown key ${quote(name)}`,
        `use one of ${Object.keys(shape.fields).join(', ')}`,
      );
    }
    checkShape(member.value, field, fail);
  }
  const missing = shape.required.find((name) => !members.has(name));
  if (missing !== undefined) fail(offset, `the key "${missing}" is missing`, `add ${missing}`);
}

function hintFor(value: Located, kind: string): string {
  return value.kind === 'other' && kind === 'text' ? 'put the value in quotes' : 'use the documented format';
}
