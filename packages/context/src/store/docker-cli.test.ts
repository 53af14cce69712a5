import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { packDockerContext, readDockerContext } from '@docker-mtls/bundle';
import { describe, expect, test } from '@jest/globals';
import { CACHE } from '../../../../test/support/cache.ts';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { type Need } from '../../../../test/support/needs.ts';
import { searchPath } from '../../../../test/support/run.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { findContext, listContexts, readContext } from './read-contexts.ts';
import {
  createContext,
  removeContext,
  updateContext,
  useContext,
  type NewContext,
} from './write-contexts.ts';

const CA = makeAuthority('our CA', 'ec-p256');
const ALICE = issuePair(CA.authority, 'client', { name: 'alice' });
const BOB = issuePair(CA.authority, 'client', { name: 'bob', keyType: 'rsa-2048' });

/** As bytes for us, as files for the CLI. */
function tlsOf({ certificate, key }: typeof ALICE): Required<NonNullable<NewContext['tls']>> {
  return { ca: Buffer.from(CA.pem), certificate: Buffer.from(certificate), key: Buffer.from(key) };
}

function pemFolder(pair: typeof ALICE): string {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'ca.pem'), CA.pem);
  fs.writeFileSync(path.join(folder, 'cert.pem'), pair.certificate);
  fs.writeFileSync(path.join(folder, 'key.pem'), pair.key);
  return folder;
}

const CONTEXTS: readonly NewContext[] = [
  { name: 'prod', description: 'x <b> & é "q" \\ \u2028 😀', host: 'tcp://10.0.0.1:2376', tls: tlsOf(ALICE) },
  { name: 'over-ssh', host: 'ssh://user@node1.example.com:22' },
  { name: 'local.1+2_3', description: 'the socket', host: 'unix:///run/docker.sock' },
  { name: 'ca-only', host: 'tcp://[::1]:2376', tls: { ca: Buffer.from(CA.pem) } },
];

/** Every entry below a folder, with its mode and content. */
function tree(folder: string): Readonly<Record<string, string>> {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const described = entries.map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const mode = (fs.statSync(file).mode & 0o777).toString(8);
    const content = entry.isFile() ? fs.readFileSync(file, 'utf8') : '';
    return [path.relative(folder, file), `${mode} ${content}`] as const;
  });
  return Object.fromEntries(described.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

type Command = (config: string, ...args: readonly string[]) => string;

function commandOf(file: string): Command {
  return (config, ...args) => {
    const env = { PATH: searchPath(), HOME: temporaryFolder(), DOCKER_CONFIG: config };
    const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', env });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };
}

/** The options of docker context create that say the same. */
function creation({ name, description, host, tls = {} }: NewContext): readonly string[] {
  const folder = pemFolder(ALICE);
  const fields = [
    `host=${host}`,
    ...(tls.ca === undefined ? [] : [`ca=${folder}/ca.pem`]),
    ...(tls.key === undefined ? [] : [`cert=${folder}/cert.pem`, `key=${folder}/key.pem`]),
  ];
  const described = description === undefined ? [] : ['--description', description];
  return ['context', 'create', name, ...described, '--docker', fields.join(',')];
}

type Cli = { readonly name: string; readonly file: string; readonly needs: readonly Need[] };

const CLIS: readonly Cli[] = [
  { name: 'the docker command here', file: 'docker', needs: ['docker command'] },
  {
    name: 'the docker command of 20.10',
    file: path.join(CACHE, 'engines/20.10/usr/bin/docker'),
    needs: ['engine 20.10'],
  },
  {
    name: 'the docker command of 26.1',
    file: path.join(CACHE, 'engines/26.1/usr/bin/docker'),
    needs: ['engine 26.1'],
  },
  {
    name: 'the docker command of 28.5',
    file: path.join(CACHE, 'engines/28.5/usr/bin/docker'),
    needs: ['engine 28.5'],
  },
];

describe.each(CLIS)('$name', ({ file, needs }) => {
  describeNeeding(needs, 'and we', () => {
    const docker = commandOf(file);

    test.each(CONTEXTS)('make the same files of $name', (context) => {
      const [theirs, ours] = [temporaryFolder(), temporaryFolder()];
      docker(theirs, ...creation(context));
      createContext(ours, context);
      expect(tree(ours)).toEqual(tree(theirs));
    });

    test('make the same files where there was no folder yet', () => {
      const [theirs, ours] = [path.join(temporaryFolder(), 'new'), path.join(temporaryFolder(), 'new')];
      docker(theirs, ...creation(CONTEXTS[0] as NewContext));
      createContext(ours, CONTEXTS[0] as NewContext);
      expect(tree(path.dirname(ours))).toEqual(tree(path.dirname(theirs)));
    });

    test('make the same of a changed description, and of changed certificates', () => {
      const [theirs, ours] = [temporaryFolder(), temporaryFolder()];
      for (const folder of [theirs, ours]) docker(folder, ...creation(CONTEXTS[0] as NewContext));
      docker(theirs, 'context', 'update', 'prod', '--description', 'new');
      updateContext(ours, 'prod', { description: 'new' });
      expect(tree(ours)).toEqual(tree(theirs));
      const pem = pemFolder(BOB);
      const endpoint = `host=tcp://10.0.0.2:2376,ca=${pem}/ca.pem,cert=${pem}/cert.pem,key=${pem}/key.pem`;
      docker(theirs, 'context', 'update', 'prod', '--docker', endpoint);
      updateContext(ours, 'prod', { host: 'tcp://10.0.0.2:2376', tls: tlsOf(BOB) });
      expect(tree(ours)).toEqual(tree(theirs));
    });

    test('keep the certificates when only the host changes, which the command does not', () => {
      const folder = temporaryFolder();
      docker(folder, ...creation(CONTEXTS[0] as NewContext));
      updateContext(folder, 'prod', { host: 'tcp://10.0.0.9:2376' });
      expect(readContext(folder, 'prod')).toMatchObject({ host: 'tcp://10.0.0.9:2376', tls: tlsOf(ALICE) });
    });

    test("read each other's contexts", () => {
      const folder = temporaryFolder();
      docker(folder, ...creation({ name: 'theirs', host: 'tcp://node1:2376', tls: tlsOf(ALICE) }));
      createContext(folder, { name: 'ours', description: 'x', host: 'tcp://node2:2376', tls: tlsOf(BOB) });
      expect(readContext(folder, 'theirs')).toMatchObject({ host: 'tcp://node1:2376', tls: tlsOf(ALICE) });
      expect(
        docker(folder, 'context', 'ls', '--format', '{{.Name}} {{.DockerEndpoint}}').split('\n'),
      ).toEqual(expect.arrayContaining(['ours tcp://node2:2376', 'theirs tcp://node1:2376']));
      const inspected: unknown = JSON.parse(docker(folder, 'context', 'inspect', 'ours'));
      expect(inspected).toMatchObject([
        { Metadata: { Description: 'x' }, TLSMaterial: { docker: ['ca.pem', 'cert.pem', 'key.pem'] } },
      ]);
    });

    test('list in the same order', () => {
      const folder = temporaryFolder();
      for (const name of ['node10', 'node2', 'b', 'A1', 'node02', 'aa', 'x.y', 'x-y'])
        createContext(folder, { name: name.padEnd(2, '0'), host: 'ssh://h' });
      const theirs = docker(folder, 'context', 'ls', '-q')
        .trim()
        .split('\n')
        .filter((name) => name !== 'default');
      expect(listContexts(folder).contexts.map(({ name }) => name)).toEqual(theirs);
    });

    test("take each other's exports", () => {
      const [theirs, ours] = [temporaryFolder(), temporaryFolder()];
      for (const context of CONTEXTS) {
        docker(theirs, ...creation(context));
        const exported = path.join(theirs, 'exported');
        docker(theirs, 'context', 'export', context.name, exported);
        createContext(ours, readDockerContext(fs.readFileSync(exported)));
        fs.rmSync(exported);
      }
      expect(tree(ours)).toEqual(tree(theirs));
      const again = temporaryFolder();
      for (const { name } of CONTEXTS) {
        const exported = path.join(temporaryFolder(), 'exported');
        fs.writeFileSync(exported, packDockerContext(readContext(ours, name)));
        docker(again, 'context', 'import', name, exported);
      }
      expect(tree(again)).toEqual(tree(theirs));
    });

    const SETTINGS = [
      undefined,
      '{}',
      '{\n\t"auths": {},\n\t"detachKeys": "ctrl-e"\n}',
      '{\n\t"auths": {\n\t\t"r": {\n\t\t\t"auth": "YTpi"\n\t\t}\n\t},\n\t"plugins": {\n\t\t"x": {\n\t\t\t"y": "z"\n\t\t}\n\t}\n}',
      '{\n\t"auths": {},\n\t"currentContext": "other",\n\t"plugins": {\n\t\t"x": {\n\t\t\t"y": "z"\n\t\t}\n\t}\n}',
    ];

    test.each(SETTINGS)('choose a context in the same way, in %j', (settings) => {
      const [theirs, ours] = [temporaryFolder(), temporaryFolder()];
      for (const folder of [theirs, ours]) {
        for (const name of ['prod', 'other']) createContext(folder, { name, host: 'ssh://h' });
        if (settings !== undefined)
          fs.writeFileSync(path.join(folder, 'config.json'), settings, { mode: 0o600 });
      }
      docker(theirs, 'context', 'use', 'prod');
      useContext(ours, 'prod');
      expect(configOf(ours)).toEqual(configOf(theirs));
      expect(docker(ours, 'context', 'ls', '--format', '{{.Current}} {{.Name}}')).toContain('true prod');
      docker(theirs, 'context', 'use', 'default');
      useContext(ours, 'default');
      expect(configOf(ours)).toEqual(configOf(theirs));
    });

    test("remove each other's contexts", () => {
      const folder = temporaryFolder();
      for (const name of ['one', 'two'])
        createContext(folder, { name, host: 'tcp://h:2376', tls: tlsOf(ALICE) });
      docker(folder, 'context', 'rm', 'one');
      expect(findContext(folder, 'one')).toBeUndefined();
      docker(folder, ...creation({ name: 'three', host: 'tcp://h:2376', tls: tlsOf(ALICE) }));
      removeContext(folder, 'three', { force: false });
      removeContext(folder, 'two', { force: false });
      expect(docker(folder, 'context', 'ls', '-q').trim()).toBe('default');
      expect(fs.readdirSync(path.join(folder, 'contexts/tls'))).toEqual([]);
    });
  });
});

/** The CLI drops the indentation of what it did not write itself, so the texts are compared as what they say. */
function configOf(folder: string): unknown {
  const text = fs.readFileSync(path.join(folder, 'config.json'), 'utf8');
  const mode = fs.statSync(path.join(folder, 'config.json')).mode & 0o777;
  return { auths: {}, ...(JSON.parse(text) as object), mode };
}
