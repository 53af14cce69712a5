import fs from 'node:fs';
import path from 'node:path';
import { append, GENESIS } from '@docker-mtls/audit';
import { PRESETS } from '@docker-mtls/policy';
import { expect, test } from '@jest/globals';
import { allCommands, commandLineOf } from '../../packages/cli/src/command-line/command.ts';
import { COMMANDS } from '../../packages/cli/src/commands/index.ts';
import { PROGRAM } from '../support/cli.ts';
import { run, searchPath, type Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

// Each command where something is missing that a process usually has: it does its work or says what is missing.

/** In this order: what one makes, the next finds. WORK is a folder that exists. */
const LINES: readonly string[] = [
  'init-ca',
  'issue-server node1 --san 10.0.0.5',
  'issue-server node1 --force --out WORK/tls',
  'issue-client alice',
  'issue-client alice --force',
  'issue-client --names WORK/people',
  'daemon-config --server node1 --config WORK/daemon.json --listen 127.0.0.1:1 --dry-run',
  'daemon-config --server node1 --config WORK/daemon.json --listen 127.0.0.1:1',
  'daemon-config undo --config WORK/daemon.json',
  'bundle alice',
  'bundle alice -o -',
  'bundle alice --for node1 -o WORK/alice.tar.gz',
  'bundle --names WORK/people --for node1 -o WORK/bundles',
  'request dora',
  'unbundle WORK/alice.tar.gz --out WORK/alice',
  'unbundle WORK/alice.tar.gz --install',
  'env alice --for node1',
  'env --unset',
  'exec alice --for 127.0.0.1:1 -- docker version',
  'context create tls --client alice --for 127.0.0.1:1',
  'context create ssh --for ssh://alice@127.0.0.1:1',
  'context update',
  'context list',
  'context check tls',
  'context check ssh',
  'context use tls',
  'context remove ssh',
  'ssh check alice@127.0.0.1:1',
  'ci export robot --for github --engine uat=tcp://node1:2376 --out -',
  'ci export robot --for gitlab --engine uat=tcp://node1:2376 --out WORK/ci',
  'secure node1 --client alice --config WORK/daemon.json --listen 127.0.0.1:1 --dry-run',
  'secure node1 --client alice --config WORK/daemon.json --listen 127.0.0.1:1',
  'container server',
  'container client',
  'list',
  'show alice',
  'renew --all --dry-run',
  'renew node1',
  'revoke alice --yes',
  'crl',
  'crl show',
  'status',
  'check 127.0.0.1:1',
  'doctor tcp://127.0.0.1:1',
  'ca renew',
  'ca check',
  'ca repair',
  'ca log',
  'ca log verify',
  'ca passphrase --no-passphrase',
  'ca backup WORK/ca.backup --plaintext',
  'ca restore WORK/ca.backup --ca-dir WORK/restored',
  'ca rotate prepare',
  'ca rotate status',
  'ca rotate switch',
  'ca rotate retire node1',
  'authz install --admin alice --others viewer --config WORK/daemon.json',
  'authz uninstall --config WORK/daemon.json',
  'authz status',
  'authz check --engine WORK/engine.sock',
  'authz serve --policy WORK/none.yaml --socket WORK/plugin/plugin.sock --ca WORK/none.pem',
  'authz lock add --name alice --policy WORK/policy.yaml',
  'authz lock list --policy WORK/policy.yaml',
  'authz lock remove alice --policy WORK/policy.yaml',
  'policy preset ci',
  'policy check WORK/policy.yaml',
  'policy explain alice GET /info --policy WORK/policy.yaml',
  'policy who-can ContainerExec --policy WORK/policy.yaml',
  'policy test WORK/cases.yaml',
  'policy diff WORK/policy.yaml WORK/policy.yaml',
  'audit tail WORK/log.jsonl',
  'audit query WORK/log.jsonl',
  'audit verify WORK/log.jsonl',
  'audit export WORK/log.jsonl --format csv',
  'plugin install',
  'plugin remove',
  'completion bash',
];

type Environment = Readonly<Record<string, string>>;

type Surroundings = {
  readonly name: string;
  /** A script that starts its arguments. */
  readonly start?: string;
  /** The whole environment, made from an ordinary one. */
  readonly environment?: (ordinary: Environment) => Environment;
};

/** Each starts all commands, a minute of the processor: root tries one half, an ordinary user the other, and CI is both. */
const isTriedHere = (_: Surroundings, at: number): boolean =>
  process.env['DOCKER_MTLS_TEST_SURROUNDINGS'] === 'all' || at % 2 === (process.getuid?.() === 0 ? 0 : 1);

const IN_GONE_FOLDER = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';

const SURROUNDINGS: readonly Surroundings[] = [
  { name: 'the current folder is gone', start: IN_GONE_FOLDER },
  { name: 'PATH is empty', environment: (ordinary) => ({ ...ordinary, PATH: '' }) },
  { name: 'HOME is not set', environment: ({ PATH = '', TMPDIR = '' }) => ({ PATH, TMPDIR }) },
  { name: 'HOME is a device', environment: (ordinary) => ({ ...ordinary, HOME: '/dev/null' }) },
  { name: 'TMPDIR is gone', environment: (ordinary) => ({ ...ordinary, TMPDIR: '/nowhere/tmp' }) },
  {
    name: 'the environment is empty, and the current folder gone',
    start: IN_GONE_FOLDER,
    environment: () => ({}),
  },
  { name: 'stdin, stdout and stderr are closed', start: 'exec "$@" <&- >&- 2>&-' },
];

const DONE = 0;
const ANSWERS = [DONE, 1, 2, 3];
const SLOW = 300_000;

test.concurrent.each(SURROUNDINGS.filter(isTriedHere))(
  'every command does its work or says what is missing where $name',
  async ({ start = 'exec "$@"', environment = (ordinary) => ordinary }) => {
    const work = temporaryFolder();
    for (const folder of ['home', 'tmp']) fs.mkdirSync(path.join(work, folder));
    fs.writeFileSync(path.join(work, 'people'), 'bob\ncarol\n');
    fs.writeFileSync(path.join(work, 'log.jsonl'), `${append(GENESIS, { type: 'x' }).line}\n`);
    fs.writeFileSync(path.join(work, 'policy.yaml'), PRESETS.get('ci')?.text ?? '');
    fs.writeFileSync(
      path.join(work, 'cases.yaml'),
      '- { about: a, as: a, send: GET /_ping, expect: allow }\n',
    );
    const ordinary = { PATH: searchPath(), HOME: path.join(work, 'home'), TMPDIR: path.join(work, 'tmp') };
    for (const line of LINES) {
      const words = line.replaceAll('WORK', work).split(' ');
      const finished = await inSurroundings(start, words, { cwd: work, env: environment(ordinary) });
      expect(problemOf(line, finished)).toBeUndefined();
    }
  },
  SLOW,
);

test('every command that can be run is tried', () => {
  const runnable = allCommands(COMMANDS).filter((commands) => commands.at(-1)?.load !== undefined);
  const names = runnable.map((commands) => commandLineOf(commands).replace('docker-mtls ', ''));
  expect(names.filter((name) => !isTried(name))).toEqual([]);
});

function isTried(command: string): boolean {
  return LINES.some((line) => `${line} `.startsWith(`${command} `));
}

function inSurroundings(
  start: string,
  words: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Environment },
): Promise<Finished> {
  // The environment is set by the script, since `run` would add to it.
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const program = ['env', '-i', ...variables, ...PROGRAM, ...words];
  return run('sh', ['-c', start, 'sh', ...program], { cwd });
}

/** What is wrong with how a command ended; a success says nothing on stderr that a crash would. */
function problemOf(line: string, { code, signal, stdout, stderr }: Finished): string | undefined {
  const isAnswer = code !== undefined && ANSWERS.includes(code);
  if (isAnswer && !/^ {4}at /mu.test(stderr)) return undefined;
  return `docker-mtls ${line}: ended with ${code ?? signal}\n${stdout}${stderr}`;
}
