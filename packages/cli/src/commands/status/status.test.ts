import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { searchPath } from '../../../../../test/support/run.ts';
import { makeTestCaWith } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';
import type { ProcessOutcome } from '../../outcome.ts';
import { readMetrics } from './read-metrics.support.ts';

const DAY = 86_400_000;

let ca: TestCa;

type Found = {
  readonly id: string;
  readonly severity: string;
  readonly subject: string;
  readonly hint: string;
};
type Answer = { readonly exitCode: number; readonly verdict: string; readonly findings: readonly Found[] };

/** Runs it some days later, by this machine's clock: servers are only good by that. */
function status(words: readonly string[] = [], days = 0): Promise<ProcessOutcome> {
  const now = (): Date => new Date(Date.now() + days * DAY);
  return main(['status', '--config', 'daemon.json', ...words], { ...ca.io, now });
}

async function answer(days = 0): Promise<Answer> {
  const { stdout, exitCode } = await status(['--json'], days);
  return { exitCode, ...(JSON.parse(String(stdout)) as Omit<Answer, 'exitCode'>) };
}

async function findings(days = 0): Promise<readonly string[]> {
  return (await answer(days)).findings.map(({ id, subject }) => `${id} ${path.basename(subject)}`);
}

/** As on a machine that never had one. */
function removeCa(): void {
  fs.rmSync(inFolder('ca'), { recursive: true });
  ca = { ...ca, io: { ...ca.io, env: { HOME: ca.folder } } };
}

const inFolder = (...parts: readonly string[]): string => path.join(ca.folder, ...parts);

beforeEach(async () => {
  ca = await makeTestCaWith({ now: () => new Date() }, [
    ['issue-server', 'node1', '--days', '90'],
    ['issue-client', 'alice', '--days', '90'],
  ]);
  ca = { ...ca, io: { ...ca.io, env: { ...ca.io.env, HOME: ca.folder } } };
  fs.writeFileSync(inFolder('daemon.json'), '{}');
});

describe('the verdict', () => {
  test('is 0 where there is nothing to do', async () => {
    expect(await answer()).toMatchObject({ exitCode: 0, verdict: 'nothing-to-do', findings: [] });
    expect(await status()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/\nNothing to do\n$/u),
    });
  });

  test('is 3 where there is something to do', async () => {
    expect(await answer(61)).toMatchObject({ exitCode: 3, verdict: 'something-to-do' });
    const { stdout } = await status([], 61);
    expect(stdout).toMatch(/^DM218 client alice: warning: its certificate ends on .*\n {2}hint: run /mu);
    expect(stdout).toMatch(/things to do\n$/u);
  });

  test('is 0 where there are notes alone', async () => {
    expect(await answer(16)).toMatchObject({ exitCode: 0, findings: [{ id: 'DM226', severity: 'note' }] });
  });

  test('is 1 where not everything could be looked at', async () => {
    fs.writeFileSync(inFolder('daemon.json'), 'no JSON');
    expect(await answer()).toMatchObject({
      exitCode: 1,
      verdict: 'not-everything-seen',
      findings: [{ id: 'DM690' }],
    });
  });

  test('is given without a CA too, unless one was named', async () => {
    fs.rmSync(inFolder('ca'), { recursive: true });
    expect(await answer()).toMatchObject({
      exitCode: 1,
      findings: [{ id: 'DM690', subject: inFolder('ca') }],
    });
    ca = { ...ca, io: { ...ca.io, env: { HOME: ca.folder } } };
    expect(await answer()).toMatchObject({ exitCode: 0, findings: [] });
    expect((await status()).stdout).toContain('none on this machine');
  });

  test('is a failure where a file has the name of the CA directory', async () => {
    fs.rmSync(inFolder('ca'), { recursive: true });
    fs.writeFileSync(inFolder('ca'), '');
    expect(await status()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is not a directory'),
    });
  });
});

function pairOf(name: string): { readonly cert: Buffer; readonly key: Buffer } {
  const folder = inFolder('ca/servers', name);
  return {
    cert: fs.readFileSync(path.join(folder, 'server-cert.pem')),
    key: fs.readFileSync(path.join(folder, 'server-key.pem')),
  };
}

function configure(port: number, certificate: string): void {
  const hosts = [`tcp://127.0.0.1:${port}`];
  const files = { tlscacert: inFolder('ca/ca.pem'), tlscert: certificate, tlskey: '/nowhere' };
  fs.writeFileSync(inFolder('daemon.json'), JSON.stringify({ hosts, tlsverify: true, ...files }));
}

describe('what an engine serves', () => {
  const running: net.Server[] = [];
  afterEach(() => {
    for (const each of running.splice(0)) each.close();
  });

  /** An engine's port with a pair, as it was read at the start. */
  async function serve(): Promise<number> {
    const { cert, key } = pairOf('node1');
    const server = tls.createServer({ cert, key }, (socket) => void socket.on('error', () => undefined));
    running.push(server.on('tlsClientError', () => undefined));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    configure(port, inFolder('ca/servers/node1/server-cert.pem'));
    return port;
  }

  test('is shown, and is good', async () => {
    const port = await serve();
    expect(await answer()).toMatchObject({ exitCode: 0, findings: [] });
    expect((await status()).stdout).toContain(`tcp://127.0.0.1:${port} presents node1, until `);
  });

  test('is not the pair that was renewed, until it restarts', async () => {
    const port = await serve();
    await ca.run('issue-server', 'node1', '--force');
    expect(await findings()).toEqual([`DM115 127.0.0.1:${port}`]);
    running.pop()?.close();
    await serve();
    expect(await findings()).toEqual([]);
  });

  test('is of a file that the renewed pair has not come to', async () => {
    const port = await serve();
    fs.copyFileSync(inFolder('ca/servers/node1/server-cert.pem'), inFolder('copy.pem'));
    configure(port, inFolder('copy.pem'));
    expect(await findings()).toEqual([]);
    await ca.run('issue-server', 'node1', '--force');
    expect(await findings()).toEqual(['DM227 copy.pem']);
  });

  test('is compared with the registry where its file cannot be read', async () => {
    const port = await serve();
    configure(port, '/nowhere/cert.pem');
    expect(await findings()).toEqual([]);
    await ca.run('issue-server', 'node1', '--force');
    expect(await findings()).toEqual([`DM115 127.0.0.1:${port}`]);
  });

  test('is revoked', async () => {
    const port = await serve();
    await ca.run('revoke', 'node1', '--yes', '--keep-files');
    expect(await findings()).toEqual([`DM228 127.0.0.1:${port}`]);
  });

  test('is due, of a CA that is elsewhere', async () => {
    const port = await serve();
    fs.copyFileSync(inFolder('ca/servers/node1/server-cert.pem'), inFolder('copy.pem'));
    configure(port, inFolder('copy.pem'));
    removeCa();
    expect(await findings()).toEqual([]);
    expect(await findings(61)).toEqual([`DM122 127.0.0.1:${port}`]);
    expect(await findings(91)).toEqual([`DM121 127.0.0.1:${port}`]);
  });

  test.each<[string, (socket: net.Socket) => void]>([
    ['hangs up', (socket) => void socket.end()],
    ['speaks no TLS', (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('is unknown of a port that %s', async (_, say) => {
    const port = await serve();
    running.pop()?.close();
    const server = net.createServer((socket) => say(socket.on('error', () => undefined)));
    running.push(server);
    await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
    expect(await answer()).toMatchObject({ exitCode: 1, findings: [{ id: 'DM690' }] });
  });

  test('is unknown where nothing listens', async () => {
    await serve();
    running.pop()?.close();
    expect(await answer()).toMatchObject({ exitCode: 1, findings: [{ id: 'DM690' }] });
  });
});

async function succeeds(words: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await main(words, ca.io);
  if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
}

describe('copies of pairs', () => {
  const CONTEXT = ['context', 'create', 'node1', '--client', 'alice', '--for', 'node1'] as const;
  const EXPORT = [
    'ci',
    'export',
    'robot',
    '--for',
    'gitlab',
    '--engine',
    'uat=tcp://uat:2376',
    '--force',
  ] as const;

  beforeEach(async () => {
    for (const words of [CONTEXT, ['bundle', 'alice', '--for', 'node1'], EXPORT]) await succeeds(words);
  });

  const BUNDLE = 'alice.tar.gz';

  test('are well as they were made', async () => {
    expect(await findings()).toEqual([]);
    expect((await status()).stdout).toMatch(/copies +1 context, 1 bundle, 1 export for CI\n/u);
  });

  test('hold the older certificate once another is issued', async () => {
    for (const name of ['alice', 'robot']) await succeeds(['issue-client', name, '--force']);
    expect(await findings()).toEqual(['DM309 node1', `DM325 ${BUNDLE}`, 'DM328 uat']);
    const { findings: found } = await answer();
    expect(found.slice(0, 2).map(({ hint }) => hint)).toEqual([
      'run docker-mtls context update node1',
      `run docker-mtls bundle alice --for node1:2376 -o ${inFolder(BUNDLE)}`,
    ]);
  });

  test('hold a revoked certificate', async () => {
    for (const name of ['alice', 'robot']) await succeeds(['revoke', name, '--yes']);
    expect(await findings()).toEqual(['DM323 node1', `DM323 ${BUNDLE}`, 'DM323 uat']);
  });

  test('are readable by others', async () => {
    fs.chmodSync(inFolder(BUNDLE), 0o644);
    const [key = ''] = fs
      .readdirSync(inFolder('docker-mtls-ci/credentials/uat'))
      .filter((name) => /KEY/iu.test(name));
    fs.chmodSync(inFolder('docker-mtls-ci/credentials/uat', key), 0o640);
    expect(await findings()).toEqual([`DM326 ${BUNDLE}`, `DM324 ${key}`]);
    fs.chmodSync(inFolder(BUNDLE), 0o600);
    fs.chmodSync(inFolder('docker-mtls-ci/credentials/uat', key), 0o600);
    expect(await findings()).toEqual([]);
  });

  test('are tracked by a git repository', async () => {
    const env = { PATH: searchPath(), HOME: ca.folder };
    const git = (...words: readonly string[]): void =>
      void execFileSync('git', ['-C', ca.folder, ...words], { env, stdio: 'ignore' });
    git('init', '--quiet');
    expect(await findings()).toEqual([]);
    git('add', BUNDLE);
    expect(await findings()).toEqual([`DM327 ${BUNDLE}`]);
  });

  test('are of no interest where another CA has issued them', async () => {
    removeCa();
    expect(await findings()).toEqual([]);
    expect(await findings(61)).toEqual(['DM307 node1']);
  });

  test('may be a context that cannot be read', async () => {
    const meta = inFolder('.docker/contexts/meta');
    const [id = ''] = fs.readdirSync(meta);
    fs.writeFileSync(path.join(meta, id, 'meta.json'), '{');
    expect((await findings()).filter((each) => each.startsWith('DM322'))).toHaveLength(1);
  });
});

describe('the metrics', () => {
  test('are what Prometheus reads, and what the page promises', async () => {
    const { stdout, exitCode } = await status(['--format', 'prometheus'], 61);
    expect(exitCode).toBe(3);
    const metrics = readMetrics(String(stdout));
    expect(metrics.get('docker_mtls_status_ok')).toEqual([{ labels: {}, value: 0 }]);
    expect(metrics.get('docker_mtls_findings')).toContainEqual({
      labels: { id: 'DM218', severity: 'warning' },
      value: 2,
    });
    const page = fs.readFileSync(new URL('../../../../../docs/status.md', import.meta.url), 'utf8');
    const promised = new Set([...page.matchAll(/`(docker_mtls_\w+)/gu)].map(([, name = '']) => name));
    expect([...metrics.keys()].filter((name) => !promised.has(name))).toEqual([]);
  });

  test('escape what an address or a key identifier may hold', () => {
    expect(() => readMetrics('x{a="b"} 1')).toThrow('line');
    expect(readMetrics('# HELP x y\n# TYPE x gauge\nx{a="b\\"\\\\\\n"} 1\n').get('x')).toEqual([
      { labels: { a: 'b"\\\n' }, value: 1 },
    ]);
  });

  test('are written in one piece, and replaced', async () => {
    const file = inFolder('docker-mtls.prom');
    fs.writeFileSync(file, '# HELP docker_mtls_status_ok of an earlier run\n', { mode: 0o600 });
    expect(await status(['--format', 'prometheus', '-o', 'docker-mtls.prom'])).toMatchObject({
      exitCode: 0,
      stdout: `${file}\n`,
    });
    expect((fs.statSync(file).mode & 0o777).toString(8)).toBe('644');
    expect(readMetrics(fs.readFileSync(file, 'utf8')).size).toBeGreaterThan(5);
    expect(fs.readdirSync(ca.folder).filter((name) => name.includes('.prom'))).toEqual(['docker-mtls.prom']);
  });

  test.each(['ca/registry.db', 'ca/private/ca-key.pem', 'daemon.json', 'pipe'])(
    'are not written in the place of %s',
    async (name) => {
      fs.writeFileSync(inFolder('daemon.json'), '{}');
      execFileSync('mkfifo', [inFolder('pipe')]);
      const before = fs.lstatSync(inFolder(name));
      expect(await status(['--format', 'prometheus', '-o', name])).toMatchObject({ exitCode: 1, stdout: '' });
      expect(fs.lstatSync(inFolder(name)).ino).toBe(before.ino);
    },
  );

  test('are not written where they cannot be', async () => {
    const words = ['--format', 'prometheus', '-o', 'nowhere/x.prom'];
    expect(await status(words)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nowhere') });
  });
});

test.each([
  { words: ['-o', 'x'] },
  { words: ['--format', 'text', '-o', 'x'] },
  { words: ['--format', 'prometheus', '--json'] },
  { words: ['--format', 'xml'] },
])('$words are refused', async ({ words }) => {
  expect(await status(words)).toMatchObject({ exitCode: 2 });
});
