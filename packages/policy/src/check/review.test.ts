import { expect, test } from '@jest/globals';
import { parse, PRESETS, review } from '../index.ts';
import type { PolicyFindingId } from '../index.ts';

const NOW = Date.UTC(2026, 5, 1);
const HEAD = 'apiVersion: docker-mtls/policy.v1\n';
const ADMIN = '{ role: admin, subjects: [{ cn: root }] }';

/** What is found about a policy with this role, which is bound. */
function found(role: string, rest = 'local: admin'): readonly PolicyFindingId[] {
  const text = `${HEAD}roles: { own: ${role} }\nbindings: [${ADMIN}, { role: own, subjects: [{ cn: a }] }]\n${rest}\n`;
  return review(parse(text), NOW).map(({ id }) => id);
}

test('an administrator relies on nothing', () => {
  expect(found("{ allow: ['*'], guards: none }")).toEqual([]);
});

test.each<[string, readonly PolicyFindingId[]]>([
  ["{ allow: ['@ping', '@read-safe'] }", []],
  ["{ allow: ['@build'], guards: baseline }", ['builds-unseen']],
  ["{ allow: ['@build'], guards: restricted }", []],
  ['{ allow: [PutContainerArchive] }', ['archives-unseen']],
  ['{ allow: [ContainerExec] }', ['sessions-unseen']],
  ['{ allow: [ContainerList], objects: { names: [a] } }', ['lists-unfiltered']],
  ['{ allow: [ContainerList], objects: { images: [a] } }', []],
  ['{ allow: [ContainerRename], objects: { names: [a] } }', []],
  ['{ allow: [ContainerCreate], objects: { images: [a] } }', []],
  ['{ allow: [ContainerCreate], unknownFields: [New] }', ['fields-unchecked']],
])('a role that is %s relies on %j', (role, ids) => {
  expect(found(role)).toEqual(ids);
});

test.each<[string, readonly PolicyFindingId[]]>([
  ['mode: observe\nlocal: admin', ['mode-observe']],
  ['local: viewer', ['local-builds']],
  ['', ['local-builds']],
])('a policy with %j', (rest, ids) => {
  expect(found('{ allow: [] }', rest)).toEqual(ids);
});

function severityWith(objects: string): unknown {
  const text = `${HEAD}roles: { own: { allow: [ContainerExec]${objects} } }\nbindings: [{ role: own, subjects: [{ cn: a }] }]\nlocal: admin\n`;
  return review(parse(text), NOW)[0]?.severity;
}

test('sessions with every container are worse than with some', () => {
  expect([severityWith(''), severityWith(', objects: { names: [a] }')]).toEqual(['warning', 'note']);
});

function foundUntil(date: string): readonly PolicyFindingId[] {
  const bindings = `[${ADMIN}, { role: ci, subjects: [{ cn: a }], until: ${date} }]`;
  return review(parse(`${HEAD}bindings: ${bindings}\nlocal: admin\n`), NOW).map(({ id }) => id);
}

test('a binding that has ended is found, and what its role relies on is not', () => {
  expect(foundUntil('2026-06-01')).toEqual(['binding-ended']);
  expect(foundUntil('2026-06-02')).toEqual(['builds-unseen', 'archives-unseen', 'sessions-unseen']);
});

test.each<[string, readonly PolicyFindingId[]]>([
  ['ci', ['builds-unseen', 'archives-unseen', 'sessions-unseen']],
  ['compose', ['archives-unseen', 'sessions-unseen', 'lists-unfiltered']],
  ['monitoring', []],
])('the preset %s relies on %j', (name, ids) => {
  expect(review(parse(PRESETS.get(name)?.text ?? ''), NOW).map(({ id }) => id)).toEqual(ids);
});
