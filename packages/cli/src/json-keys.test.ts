import fs from 'node:fs';
import path from 'node:path';
import { append, GENESIS } from '@docker-mtls/audit';
import { PRESETS } from '@docker-mtls/policy';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { rowsOf } from '../../../test/pages/tables.ts';
import { makeTestCa } from '../testing/make-ca.ts';
import type { TestCa } from '../testing/make-ca.ts';
import { COMMANDS } from './commands/index.ts';

// What docs/scripts.md promises of every command's --json.

/** Keys that are always there, and those that may be. */
type Keys = { readonly always: readonly string[]; readonly may: readonly string[] };

const PROMISED: ReadonlyMap<string, Keys> = new Map(
  rowsOf('docs/scripts.md').flatMap(([name = '', keys = '']) => {
    const command = /^`([a-z].*)`$/.exec(name)?.[1];
    return command === undefined ? [] : [[command, keysIn(keys)] as const];
  }),
);

/** Words in brackets explain a key. */
function keysIn(cell: string): Keys {
  const words = [...cell.replaceAll(/\([^)]*\)/g, '').matchAll(/`(\w+)`(\??)/g)];
  const named = (mark: string): readonly string[] =>
    words.flatMap(([, key = '', found]) => (found === mark ? [key] : []));
  return { always: named(''), may: named('?') };
}

/** In this order: what one makes, the next finds. */
const RUNS: readonly (readonly [command: string, words?: string])[] = [
  ['init-ca', '--ca-dir other'],
  ['issue-server', 'node1 --san 10.0.0.5'],
  ['issue-server', 'node1 --force --out tls'],
  ['issue-client', 'alice'],
  ['issue-client', 'alice --force'],
  ['issue-client --names', 'people.txt'],
  ['daemon-config', '--config d.json --dry-run'],
  ['daemon-config', '--config d.json'],
  ['daemon-config', '--config d.json --certs-dir /srv/tls'],
  ['daemon-config undo', '--config d.json'],
  ['bundle', 'alice'],
  ['bundle', 'alice --for node1 -o folder.tgz'],
  ['bundle', 'alice --for node1 --for node2 --layout context'],
  ['bundle --names', 'people.txt --for node1 -o bundles'],
  ['request', 'dora'],
  ['unbundle', 'folder.tgz --out alice --install'],
  ['env', 'alice --for node1'],
  ['env --unset'],
  ['context create', 'tls --client alice --for node1'],
  ['context create', 'over-ssh --for ssh://alice@node1'],
  ['context update'],
  ['context list'],
  ['context check', 'tls'],
  ['context use', 'tls'],
  ['context remove', 'over-ssh'],
  ['ssh check', 'alice@node1'],
  ['ci export', 'ci-uat --for github'],
  ['secure', 'node1 --client alice --config d.json --listen 127.0.0.1:1'],
  ['secure --dry-run', 'node1 --client alice --config d.json --listen 127.0.0.1:1'],
  ['check', '--context tls'],
  ['doctor', 'context:tls --timeout 1s'],
  ['issue-server --names', 'hosts.txt'],
  ['status', '--config e.json'],
  ['list'],
  ['show', 'alice'],
  ['renew', 'alice node1'],
  ['renew --dry-run', '--all'],
  ['revoke', 'ci-uat --yes'],
  ['crl', '-o copy.crl'],
  ['crl show'],
  ['ca renew'],
  ['authz lock add', '--name alice --until 12h --policy policy.yaml'],
  ['authz lock list', '--policy policy.yaml'],
  ['authz lock remove', '1 --policy policy.yaml'],
  ['ca rotate prepare --dry-run'],
  ['ca rotate prepare'],
  ['ca rotate switch'],
  ['ca rotate status'],
  ['ca rotate retire', 'alice node1 node8 bob carol ci-uat'],
  ['ca passphrase', '--no-passphrase'],
  ['ca backup', 'ca.backup --plaintext'],
  ['ca restore', 'ca.backup --ca-dir restored'],
  ['ca check'],
  ['ca repair'],
  ['ca log'],
  ['ca log verify'],
  ['policy preset', 'ci'],
  ['policy check', 'policy.yaml'],
  ['policy explain', 'alice GET /info --policy policy.yaml'],
  ['policy who-can', 'ContainerExec --guard privileged --policy policy.yaml'],
  ['policy test', 'cases.yaml'],
  ['policy diff', 'policy.yaml policy.yaml'],
  ['audit tail', 'log.jsonl'],
  ['audit query', 'log.jsonl --name alice'],
  ['audit verify', 'log.jsonl'],
  ['completion', 'fish'],
  ['plugin install'],
  ['plugin remove'],
];

/** These want folders of a host, mounted. */
const NOT_HERE = [
  'container server',
  'container client',
  'authz install',
  'authz uninstall',
  'authz status',
  'authz check',
];

describe('one JSON object', () => {
  let ca: TestCa;
  let parts: string[] = [];
  beforeAll(async () => {
    ca = await makeTestCa();
    fs.writeFileSync(path.join(ca.folder, 'people.txt'), 'bob\ncarol ops\n');
    fs.writeFileSync(path.join(ca.folder, 'hosts.txt'), 'node8 10.0.0.8\n');
    fs.writeFileSync(path.join(ca.folder, 'policy.yaml'), PRESETS.get('ci')?.text ?? '');
    fs.writeFileSync(
      path.join(ca.folder, 'cases.yaml'),
      '- { about: a, as: a, send: GET /_ping, expect: allow }\n',
    );
    fs.writeFileSync(
      path.join(ca.folder, 'log.jsonl'),
      `${append(GENESIS, { who: { cn: 'alice' } }).line}\n`,
    );
    Object.assign(ca.io.env, { HOME: ca.folder });
    Object.assign(ca.io, { output: (part: string) => parts.push(part) > 0 });
  });

  test.each(RUNS.map(([command, words = '']) => [command, words] as const))(
    'has the keys that are promised: %s %s',
    async (command, words) => {
      const argv = `${command} ${words}`.trim().split(' ');
      parts = [];
      const answered = await ca.run(...argv, '--json');
      const stdout = parts.join('') + Buffer.from(answered.stdout).toString();
      expect(stdout).toMatch(/^\{.*\}\n$/);
      const keys = Object.keys(JSON.parse(stdout) as object);
      const { always = [], may = [] } = PROMISED.get(command) ?? {};
      expect(keys.filter((key) => !always.includes(key) && !may.includes(key))).toEqual([]);
      expect(always.filter((key) => !keys.includes(key))).toEqual([]);
    },
  );

  test('is promised of every command but exec, and each of them is tried', () => {
    const tried = [...RUNS.map(([command]) => command), ...NOT_HERE];
    expect([...PROMISED.keys()].toSorted()).toEqual([...new Set(tried)].toSorted());
    const names = new Set(tried.map((command) => command.split(' ')[0]));
    expect(COMMANDS.map(({ name }) => name).filter((name) => !names.has(name))).toEqual(['exec']);
  });
});
