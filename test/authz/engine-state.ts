import http from 'node:http';
import { docker } from '../support/docker-cli.ts';
import { BUSYBOX, importBusybox } from '../support/busybox.ts';
import type { AuthzEngine } from './authz-engine.ts';
import { sendRaw } from './raw-client.ts';

/** What the placeholders of raw requests stand for. */
export type Places = Readonly<Record<string, string>>;

/** Runs a docker command as a client whose certificate is in the CA directory. */
export async function dockerAs(
  host: AuthzEngine,
  client: string,
  args: readonly string[],
): ReturnType<typeof docker> {
  const env = {
    DOCKER_HOST: `tcp://127.0.0.1:${host.port}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: host.folderOf(client),
    DOCKER_BUILDKIT: '0',
  };
  return docker(args, { env });
}

/** Containers of two owners, a volume with the host's files, and sessions that only an administrator may make. */
export async function populate(host: AuthzEngine): Promise<Places> {
  await importBusybox(host.engine);
  const run = (name: string, ...words: readonly string[]): Promise<unknown> =>
    must(host, ['run', '--detach', '--network', 'none', '--name', name, ...words, BUSYBOX, 'sleep', '3600']);
  await must(host, ['tag', BUSYBOX, 'alpine']);
  await must(host, ['volume', 'create', '-o', 'type=none', '-o', 'o=bind', '-o', 'device=/', 'hostvol']);
  await run('victim');
  await run('web-1', '--label', 'team=web');
  await must(host, ['create', '--network', 'none', '--name', 'stopped', BUSYBOX, 'sleep', '3600']);
  const id = (await must(host, ['inspect', '--format', '{{.Id}}', 'victim'])).trim();
  const session = async (order: unknown): Promise<string> => {
    const body = JSON.stringify(order);
    const { text } = await sendRaw(
      host.as('admin'),
      `POST /containers/victim/exec HTTP/1.1\r\nHost: e\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    return /"Id":"([0-9a-f]{64})"/.exec(text)?.[1] ?? '';
  };
  return {
    victimId: id,
    victimPrefix: id.slice(0, 5),
    VICTIMID: id.toUpperCase(),
    execPrivileged: await session({ Cmd: ['sleep', '9'], Privileged: true }),
    execAsRoot: await session({ Cmd: ['sleep', '9'], User: '0' }),
    execOfVictim: await session({ Cmd: ['sleep', '9'] }),
  };
}

async function must(host: AuthzEngine, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await dockerAs(host, 'admin', args);
  if (code !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const SEEN = [
  '/containers/json?all=1',
  '/containers/victim/json',
  '/containers/web-1/json',
  '/containers/stopped/json',
  '/volumes',
  '/networks',
  '/images/json?all=1',
  '/plugins',
  '/swarm',
];

/** Everything of the engine that a request could change, as text. */
export async function stateOf(host: AuthzEngine): Promise<string> {
  const answers = await Promise.all(SEEN.map((path) => ask(host, path)));
  // These change on their own.
  return answers
    .join('\n')
    .replaceAll(/"Status":"[^"]*"/g, '')
    .replaceAll(/"ExecIDs":(?:null|\[[^\]]*\])/g, '');
}

/** What changes on its own. */
const FLEETING: ReadonlySet<string> = new Set(['ExecIDs', 'Status']);

function ask({ engine }: AuthzEngine, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ socketPath: engine.socket, path, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve(settledText(JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown)),
      );
    });
    request.on('error', reject);
  });
}

/** Lists come in any order. */
function settledText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(settledText).toSorted().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([name]) => !FLEETING.has(name));
  return `{${members
    .map(([name, member]) => `${name}:${settledText(member)}`)
    .toSorted()
    .join()}}`;
}
