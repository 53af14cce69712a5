import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { hostPath } from '../support/engine-install.ts';
import { run } from '../support/run.ts';
import { prepareServed, SERVED } from './badly-served.ts';
import { BROKEN, JSON_FILE, SAVED } from './broken-hosts.ts';
import type { BrokenHost } from './broken-hosts.ts';
import { importBusybox } from './busybox.ts';
import { findingsOn } from './describe-doctor.ts';
import { bootHost, hostNeeds, type Host } from './host.ts';
import { RESTART } from './scripts.ts';

// Not one of the tests: scripts/compare-checkers runs it.

const FOLDER = process.env['DOCKER_MTLS_COMPARE'] ?? '';
const BENCH = '/opt/bench';
/** What docker-bench-security looks at on a host: not images, containers and how the system is hardened. */
const CHECKS = 'check_1_1_2,docker_daemon_configuration,docker_daemon_files,docker_swarm_configuration';
const TLS_PORT = 2376;
const WELL: readonly string[] = ['OK', 'INFO', 'DEBUG'];

/** The warnings, without their details. */
async function bench({ shell }: Host): Promise<ReadonlySet<string>> {
  const { stdout } = await shell(
    `cd ${BENCH} && PATH=/opt/bin:$PATH sh docker-bench-security.sh -b -c ${CHECKS} 2>&1`,
  );
  return new Set(stdout.split('\n').filter((line) => line.startsWith('[WARN]')));
}

type Line = { readonly id: string; readonly severity: string; readonly finding: string };

/** What is worse than information, and what it takes the port for. */
async function testssl({ address }: Host, port: number): Promise<ReadonlySet<string>> {
  const folder = path.join(FOLDER, 'testssl');
  const json = path.join(FOLDER, `${port}.json`);
  fs.rmSync(json, { force: true });
  const env = {
    PATH: `${path.join(FOLDER, 'bin')}:${hostPath()}`,
    TESTSSL_INSTALL_DIR: path.join(folder, 'etc/testssl'),
  };
  const words = [
    '--quiet',
    '--color',
    '0',
    '--warnings',
    'off',
    '-S',
    '-p',
    '--nodns',
    'none',
    '--jsonfile',
    json,
  ];
  await run(path.join(folder, 'usr/bin/testssl'), [...words, `${address}:${port}`], {
    env,
    timeout: 180_000,
  });
  if (!fs.existsSync(json)) return new Set(['no TLS']);
  const lines = JSON.parse(fs.readFileSync(json, 'utf8')) as readonly Line[];
  return new Set([
    ...lines
      .filter(({ severity }) => !WELL.includes(severity))
      .map(({ id, severity }) => `${id}: ${severity}`),
    ...lines
      .filter(({ id, finding }) => id === 'service' && !finding.startsWith("Couldn't"))
      .map(({ id, finding }) => `${id}: ${finding}`),
  ]);
}

type Healthy = { readonly bench: ReadonlySet<string>; readonly testssl: ReadonlySet<string> };

function verdict(seen: ReadonlySet<string>, healthy: ReadonlySet<string>): string {
  const added = [...seen].filter((line) => !healthy.has(line));
  return added.length === 0 ? 'missed' : `found: ${added.join('; ').slice(0, 120)}`;
}

async function rowOf(
  host: Host,
  broken: BrokenHost & { port?: number },
  healthy: Healthy,
): Promise<readonly string[]> {
  await host.shell(broken.script);
  const ids = await findingsOn(host);
  const others = ids.filter((id) => !broken.finds.includes(id));
  const own = `${broken.finds.every((id) => ids.includes(id)) ? 'found' : 'missed'}: ${broken.finds.join(', ')}`;
  const theirs = verdict(await bench(host), healthy.bench);
  const outside = SERVED.includes(broken)
    ? verdict(await testssl(host, broken.port ?? TLS_PORT), healthy.testssl)
    : 'cannot see it';
  const restored = `cmp -s ${SAVED} ${JSON_FILE} || { cp -p ${SAVED} ${JSON_FILE}; ${RESTART}; }`;
  await host.shell(`${broken.repair ?? 'true'}; ${restored}`);
  return [broken.name, others.length === 0 ? own : `${own}; also ${others.join(', ')}`, theirs, outside];
}

describeNeeding([...hostNeeds('28.5'), 'static busybox', 'openssl'], 'doctor and other checkers', () => {
  test('are written as a table', async () => {
    const host = await bootHost('28.5');
    await importBusybox(host);
    fs.cpSync(path.join(FOLDER, 'bench'), host.outside(BENCH), { recursive: true });
    await host.must(
      'mkdir -p /opt/bin && cp /opt/busybox/bin/sleep /opt/bin/busybox && ln -s busybox /opt/bin/netstat',
    );
    expect((await host.cli('secure', '--client', 'alice', '--apply')).code).toBe(0);
    await host.must(`cp -p ${JSON_FILE} ${SAVED}`);
    await prepareServed(host);
    const healthy = { bench: await bench(host), testssl: await testssl(host, TLS_PORT) };
    const rows = [
      [
        'healthy',
        `${await findingsOn(host)}`,
        [...healthy.bench].join('; '),
        [...healthy.testssl].join('; '),
      ],
    ];
    for (const broken of [...BROKEN, ...SERVED]) rows.push([...(await rowOf(host, broken, healthy))]);
    const head = ['| host | doctor | docker-bench-security | testssl.sh |', '| --- | --- | --- | --- |'];
    const table = [...head, ...rows.map((row) => `| ${row.join(' | ')} |`)];
    fs.writeFileSync(path.join(FOLDER, 'table.md'), `${table.join('\n')}\n`);
  }, 3_600_000);
});
