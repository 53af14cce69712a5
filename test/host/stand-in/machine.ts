import { spawnSync } from 'node:child_process';
import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import type { EngineInstall } from '../../support/engine-install.ts';
import { onCleanup } from '../../support/cleanup.ts';
import { startDoors, type Doors } from './doors.ts';

/**
 * A machine on paper, for kills in the hundreds: systemd is a stand-in that reads, reloads and restarts as systemd does
 * (test/host/describe-host.ts has the real one), and the engine a stand-in that starts exactly when `dockerd --validate`
 * of a real engine accepts its unit's command together with daemon.json, and then serves as daemon.json says.
 * Its folder is /mnt for the programs that run in it.
 */
export type Machine = {
  readonly home: string;
  /** Words before a program that is to run in it. */
  readonly prefix: readonly string[];
  /** What systemctl was asked since the start, without the questions that change nothing. */
  readonly asked: readonly string[];
  /** The daemon.json and the certificate that the engine serves with; `undefined` when it does not run. */
  readonly serving: () => { readonly config: string; readonly certificate: string | undefined } | undefined;
  /** Kills the process that asks systemctl for that, before or after it is done. The number counts like `asked`, from 0. */
  readonly killAsker: (nth: number, when: 'before' | 'after') => void;
  /** Why an engine would not start now, after a power cut or by systemd alone; `undefined` when it would. */
  readonly refusal: () => string | undefined;
  /** A daemon-reload and a restart by somebody else. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export const INSIDE = '/mnt';
export const UNITS = '/etc/systemd/system';
export const CONFIG = `${INSIDE}/docker/daemon.json`;

const PROGRAM = `${INSIDE}/bin/dockerd`;
const COMMAND = `${PROGRAM} -H fd:// --config-file ${CONFIG}`;
const DROP_IN = 'units/docker.service.d/zz-docker-mtls.conf';
const MOUNTS = `mount --bind "$0" ${INSIDE} && mount --bind ${INSIDE}/run /run && mount --bind ${INSIDE}/units ${UNITS} && cd ${INSIDE} && "$@"; exit $?`;
/** The asking process is killed when the answer says so: the test's own process knows it by another number. */
const ASK = `#!/bin/sh
answer=$(curl --silent --fail-with-body --max-time 60 --unix-socket /run/systemd/socket --data-binary "$*" http://systemd/)
state=$?
[ "$answer" != KILL ] || kill -9 $PPID
printf '%s\\n' "$answer"
exit $state
`;

/** Lays down what every such machine has. */
export function layDown(home: string): void {
  for (const folder of ['bin', 'docker', 'tmp', 'run/systemd/system', 'units'])
    fs.mkdirSync(path.join(home, folder), { recursive: true });
  const put = (name: string, text: string): void =>
    fs.writeFileSync(path.join(home, name), text, { mode: 0o755 });
  put('units/docker.service', `[Service]\nType=notify\nExecStart=${COMMAND}\n`);
  put('bin/systemctl', ASK);
  put('bin/journalctl', '#!/bin/sh\n');
  // What it thinks of a plan is asked of the real one when it is to start.
  put('bin/dockerd', '#!/bin/sh\necho "Docker version 26.1.5, build 0"\n');
}

/** Starts the machine that lies in a folder; it serves at once if its files let it. */
export async function startMachine(home: string, engine: EngineInstall): Promise<Machine> {
  // A name space for its processes: their numbers are the same in every run, and so are the names of half-written files.
  const prefix = [
    'unshare',
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    'sh',
    '-c',
    MOUNTS,
    home,
  ];
  const asked: string[] = [];
  let loaded = unitsOf(home);
  let invocation = randomUUID().replaceAll('-', '');
  let doors: Doors | undefined;
  let kill: { readonly nth: number; readonly when: 'before' | 'after' } | undefined;

  const stop = async (): Promise<void> => {
    await doors?.close();
    doors = undefined;
  };
  const start = async (): Promise<string | undefined> => {
    await stop();
    const refusal = validate({ home, prefix, engine }, loaded);
    if (refusal !== undefined) return refusal;
    doors = await startDoors(home);
    invocation = randomUUID().replaceAll('-', '');
    return undefined;
  };
  const act = async (words: readonly string[]): Promise<string | undefined> => {
    const [verb] = words;
    if (verb === 'daemon-reload') loaded = unitsOf(home);
    if (verb === 'restart') return start();
    if (verb === 'stop') await stop();
    return undefined;
  };
  const answer = async (words: readonly string[]): Promise<Answer> => {
    const isDue = kill?.nth === asked.length;
    asked.push(words.join(' '));
    if (isDue && kill?.when === 'before') return { text: 'KILL' };
    const refusal = await act(words);
    return isDue ? { text: 'KILL' } : { text: refusal ?? '', isRefused: refusal !== undefined };
  };
  const show = (unit: string): string =>
    unit === 'docker.service'
      ? [
          'LoadState=loaded',
          `FragmentPath=${UNITS}/docker.service`,
          `DropInPaths=${loaded.dropIn === undefined ? '' : `${UNITS}/docker.service.d/zz-docker-mtls.conf`}`,
          `ActiveState=${doors === undefined ? 'inactive' : 'active'}`,
          `InvocationID=${invocation}`,
          `NeedDaemonReload=${JSON.stringify(loaded) === JSON.stringify(unitsOf(home)) ? 'no' : 'yes'}`,
          '',
        ].join('\n')
      : 'LoadState=not-found\n';

  const systemd = http.createServer(async (request, response) => {
    const words = (await textOf(request)).split(' ');
    const { text, isRefused } =
      words[0] === 'show' ? { text: show(words.at(-1) ?? '') } : await answer(words);
    response.writeHead(isRefused === true ? 500 : 200).end(text);
  });
  const socket = path.join(home, 'run/systemd/socket');
  fs.rmSync(socket, { force: true });
  await new Promise<void>((resolve) => systemd.listen(socket, resolve));
  const close = async (): Promise<void> => {
    await stop();
    systemd.closeAllConnections();
    await new Promise((resolve) => systemd.close(resolve));
  };
  onCleanup(close);
  await start();
  return {
    home,
    prefix,
    asked,
    serving: () => doors && { config: doors.config, certificate: doors.certificate },
    killAsker: (nth, when) => void (kill = { nth, when }),
    refusal: () =>
      validate({ home, prefix, engine }, unitsOf(home)) ?? validate({ home, prefix, engine }, loaded),
    restart: async () => {
      loaded = unitsOf(home);
      await start();
    },
    close,
  };
}

type Answer = { readonly text: string; readonly isRefused?: boolean };

type Units = { readonly service: string; readonly dropIn: string | undefined };

function unitsOf(home: string): Units {
  const dropIn = path.join(home, DROP_IN);
  return {
    service: fs.readFileSync(path.join(home, 'units/docker.service'), 'utf8'),
    dropIn: fs.existsSync(dropIn) ? fs.readFileSync(dropIn, 'utf8') : undefined,
  };
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const verdicts = new Map<string, string | undefined>();

type Place = Pick<Machine, 'home' | 'prefix'> & { readonly engine: EngineInstall };

/** What the real engine says of a unit's command together with daemon.json; the same question is asked once. */
function validate({ home, prefix, engine }: Place, { service, dropIn }: Units): string | undefined {
  const [command = ''] =
    [...`${service}\n${dropIn ?? ''}`.matchAll(/^ExecStart=(.+)$/gmu)].at(-1)?.slice(1) ?? [];
  const flags = command.split(' ').slice(1);
  const file = path.join(home, 'docker/daemon.json');
  const config = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
  const usable =
    config === undefined ? flags.filter((flag) => flag !== '--config-file' && flag !== CONFIG) : flags;
  const question = JSON.stringify([
    engine.version,
    usable,
    config?.replaceAll(/:\d{5}"/gu, ':PORT"'),
    filesIn(home, config),
  ]);
  if (!verdicts.has(question)) {
    const [program = '', ...words] = [...prefix, engine.dockerd, '--validate', ...usable];
    const { status, stderr } = spawnSync(program, words, { encoding: 'utf8', env: { PATH: engine.path } });
    verdicts.set(question, status === 0 ? undefined : stderr.trim());
  }
  return verdicts.get(question);
}

/** The pair that daemon.json names, as far as the engine's answer depends on it: is it there, and does it belong together? */
function filesIn(home: string, config: string | undefined): string {
  const { tlscacert, tlscert, tlskey } = JSON.parse(config ?? '{}') as Readonly<Record<string, string>>;
  return [tlscacert, tlscert, tlskey]
    .map((name) => (name === undefined ? '' : path.join(home, path.relative(INSIDE, name))))
    .map((name) =>
      fs.existsSync(name) ? createHash('sha256').update(fs.readFileSync(name)).digest('hex') : name,
    )
    .join(' ');
}

export function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}
