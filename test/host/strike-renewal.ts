import fs from 'node:fs';
import path from 'node:path';
import { hasChanged, isUnfinished, killsOf, sampleOf } from '../durability/kill-everywhere.ts';
import { BUNDLE, cli } from '../support/cli.ts';
import { which } from '../support/engine-install.ts';
import { output, type Finished } from '../support/run.ts';
import {
  aimFrom,
  changesBelow,
  faultAt,
  judgeHit,
  traceCli,
  type Call,
  type Fault,
  type TraceOptions,
} from '../support/strace.ts';
import { countSweep } from '../support/sweep-counts.ts';
import { alike } from '../support/tree.ts';
import type { Host } from './host.ts';

const CA = '/root/.local/share/docker-mtls';
const FOLDERS = [CA, '/etc/docker', '/etc/systemd/system'];
const TRACES = '/run/traces';
const KEPT = '/root/before-strikes';
const RENEW = ['renew', 'node1', '--kind', 'server', '--apply'];
const TRIES = 16;
/** How many calls fail with each error, in a sweep: `all`, or a number. */
const ERRORS =
  process.env['DOCKER_MTLS_SYSTEM_ERRORS'] === 'all'
    ? Infinity
    : Number(process.env['DOCKER_MTLS_SYSTEM_ERRORS'] ?? 0);
const STOP = 'systemctl stop docker.service docker.socket';
const START = 'systemctl daemon-reload; systemctl reset-failed; systemctl start docker && docker version';

const RESTORE = `${STOP}; rm -rf ${CA} /etc/docker; cp -a ${KEPT}/ca ${CA}; cp -a ${KEPT}/docker /etc/docker; ${START}`;

/** A call to strike at, with the calls that change the disk up to it, itself included. */
type Strike = { readonly fault: Fault; readonly call: Call; readonly made: readonly string[] };

/** What a strike leads to, as the test sees it: the certificate that the engine shows, and the one in its file. */
export type Sights = { readonly shown: () => Promise<string>; readonly onDisk: () => string };

/**
 * Strikes `renew --apply` of the engine of a host at the calls that change its disk, each time from the same start: killed there,
 * and with a full and with a failing disk there. Whatever happened, the engine starts and serves the old or the new pair, the CA
 * directory is whole or a repair makes it so, and the command finishes when it is run again. Returns what was wrong.
 */
export async function strikeRenewals(host: Host, sights: Sights): Promise<readonly string[]> {
  await bringStrace(host);
  await host.must(
    `mkdir ${KEPT}; ${STOP}; cp -a ${CA} ${KEPT}/ca; cp -a /etc/docker ${KEPT}/docker; ${START}`,
  );
  const { code, stderr, stdout, calls } = await traceCli([...RENEW, '--json'], optionsOn(host));
  if (code !== 0) throw new Error(`the command fails undisturbed: ${stderr}${stdout}`);
  const strikes = strikesAt(changesOf(calls));
  const problems: string[] = [];
  const counts = { missed: 0, whole: 0, repaired: 0 };
  for (const strike of strikes) {
    const outcome = await strikeOnce(host, sights, strike).catch((error: Error) => error.message);
    if (outcome === 'missed' || outcome === 'whole' || outcome === 'repaired') counts[outcome] += 1;
    else problems.push(`${strike.fault} at ${strike.made.at(-1) ?? ''}: ${outcome}`);
  }
  const of = (fault: Fault): number => strikes.filter((strike) => strike.fault === fault).length;
  countSweep(`struck on a host: ${RENEW.join(' ')}`, {
    calls: changesOf(calls).length,
    killed: of('signal=KILL'),
    full: of('error=ENOSPC'),
    failing: of('error=EIO'),
    ...counts,
    wrong: problems.length,
  });
  return counts.missed > strikes.length / 4 ? [...problems, `${counts.missed} could not be hit`] : problems;
}

/** The tracer of this machine, with the libraries that the host, of the same release, lacks. */
async function bringStrace({ outside, must }: Host): Promise<void> {
  const strace = which('strace') ?? '';
  const libraries = (await output('ldd', [strace])).match(/(?<==> )\/\S+/gu) ?? [];
  const lacking = libraries.filter((file) => !fs.existsSync(outside(file)));
  for (const file of lacking)
    fs.copyFileSync(file, path.join(outside('/usr/local/lib'), path.basename(file)));
  fs.copyFileSync(strace, outside('/usr/local/bin/strace'));
  await must(`ldconfig; mkdir -p ${TRACES}; strace -o /dev/null true`);
}

function optionsOn({ prefix, outside }: Host): TraceOptions {
  return {
    prefix,
    program: ['/usr/local/bin/node', BUNDLE],
    traces: { inside: TRACES, outside: outside(TRACES) },
    alone: true,
  };
}

async function succeed(host: Host, args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await cli([...args, '--json'], optionsOn(host));
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

function changesOf(calls: readonly Call[]): readonly Call[] {
  const changes = new Set(FOLDERS.flatMap((folder) => changesBelow(folder, calls)));
  return calls.filter((call) => changes.has(call));
}

/** All of them in a sweep; else one kill: each takes ten seconds. */
function strikesAt(changes: readonly Call[]): readonly Strike[] {
  const made = changes.map(signature);
  const points = changes.map((call, index) => ({ call, made: made.slice(0, index + 1) }));
  const kills = points.filter(({ call }, index) => hasChanged(changes[index - 1]) && !isUnfinished(call));
  const failing = points.filter(({ call }) => !/^f?ch(?:mod|own)|^utimensat/u.test(call.name));
  const full = failing.filter(({ call }) => !/^(?:unlink|rmdir)/u.test(call.name));
  const all: readonly (readonly [Fault, typeof points, number])[] = [
    ['signal=KILL', kills, killsOf(1)],
    ['error=ENOSPC', full, ERRORS],
    ['error=EIO', failing, ERRORS],
  ];
  return all.flatMap(([fault, at, count]) => sampleOf(at, count).map((point) => ({ fault, ...point })));
}

/** The name of a call and the paths that it is about, without what differs from run to run. */
function signature({ name, text }: Call): string {
  const paths = alike(text).match(/\/(?:root\/\.local|etc)\/[^">,\\]*/gu) ?? [];
  return `${name} ${paths.slice(0, 2).join(' ')}`;
}

type Outcome = 'missed' | 'whole' | 'repaired';

async function strikeOnce(host: Host, sights: Sights, strike: Strike): Promise<Outcome> {
  await host.must(RESTORE);
  const before = await sights.shown();
  const struck = await hit(host, strike);
  if (struck === undefined) return 'missed';
  if (strike.fault === 'signal=KILL') await host.must(`${STOP}; ${START}`);
  else requireAnswer(struck);
  await host.must('docker version');
  await requireKnown(host, await sights.shown());
  const check = await host.cli('ca', 'check', '--json');
  const repair = await host.cli('ca', 'repair', '--json');
  if (repair.code !== 0) throw new Error(`ca repair leaves ${repair.stdout}${repair.stderr}`);
  await requireKnown(host, await sights.shown());

  await succeed(host, RENEW);
  await succeed(host, ['ca', 'check']);
  const after = await sights.shown();
  if (after === before || after !== sights.onDisk()) throw new Error('the repeat is not served');
  const left = await host.must('ls -A /etc/docker');
  if (/docker-mtls|partial/u.test(left)) throw new Error(`left in /etc/docker: ${left}`);
  return check.code === 0 ? 'whole' : 'repaired';
}

/** strace counts all calls of a name, and a few come by chance: whether the right one was hit shows in the trace. */
async function hit(host: Host, { fault, call, made }: Strike): Promise<Finished | undefined> {
  let { nth } = call;
  const aim = aimFrom(nth);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { calls, ...finished } = await faultAt({ name: call.name, nth }, fault, {
      args: [...RENEW, '--json'],
      options: optionsOn(host),
    });
    const isKill = fault === 'signal=KILL';
    const { isHit, seen } = judgeHit(changesOf(calls), { isKill, made, signature });
    if (isHit) return finished;
    nth = aim(seen);
    await host.must(RESTORE);
  }
  return undefined;
}

/** A failing disk is explained, and no bug. */
function requireAnswer({ code, stdout, stderr }: Finished): void {
  const isExplained = code === 0 || (code === 1 && /"code":"[A-Z_]+"/u.test(stdout));
  if (!isExplained) throw new Error(`it ended with ${code}: ${stdout}${stderr}`);
}

/** The engine shows a certificate that is on record, and not one that was revoked. */
async function requireKnown(host: Host, shown: string): Promise<void> {
  const { certificates } = (await succeed(host, ['list', '--all', '--kind', 'server'])) as {
    readonly certificates: readonly { readonly fingerprint: string; readonly status: string }[];
  };
  const known = certificates.find(
    ({ fingerprint }) => fingerprint === shown.replaceAll(':', '').toLowerCase(),
  );
  if (known === undefined || known.status === 'revoked')
    throw new Error(
      `the engine shows ${shown === '' ? 'nothing' : shown}, which is ${known?.status ?? 'not on record'}`,
    );
}
