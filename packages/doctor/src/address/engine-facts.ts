import type http from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { readBody } from '@docker-mtls/engine/read-body';
import { atMost, limitRead } from '@docker-mtls/proof';
import { tap } from '@docker-mtls/proof/ask-once';
import type { ClientCredentials } from './order.ts';

/** What an engine says of itself to a client that it serves. */
export type AddressFacts = {
  /** As it names itself, such as `26.1.5+dfsg1`. */
  readonly version: string | undefined;
  /** Who built it, where that is Docker. */
  readonly platform: string | undefined;
  /** How many containers run. */
  readonly running: number | undefined;
  readonly liveRestore: boolean | undefined;
  /** Is it part of a swarm? */
  readonly isSwarm: boolean | undefined;
  /** Does it wait for the unlock key of its swarm? */
  readonly isSwarmLocked: boolean;
  /** The authorization plugins of its start: those in force may be others. */
  readonly plugins: readonly string[];
};

/** Where an engine is asked: a socket of this machine, or an address; without a client, over plain HTTP. */
export type FactsDoor =
  | { readonly socketPath: string }
  | {
      readonly host: string;
      readonly port: number;
      /** What its certificate must hold. */
      readonly name: string;
      readonly client?: ClientCredentials | undefined;
    };

export type FactsOrder = { readonly door: FactsDoor; readonly patienceMs: number };

/**
 * In bytes: a list of containers may be long, but that is asked for on local sockets alone. What is made of JSON takes many
 * times its length.
 */
const LARGEST_LOCAL_ANSWER = 2 * 1024 * 1024;
const LARGEST_ANSWER = 64 * 1024;

/** The same with all that is sent around it, such as a chain of certificates. */
const LARGEST_READ = 192 * 1024;

/** Asks `GET /version` and `GET /info`; what is not answered is not known. */
export async function askFacts(order: FactsOrder): Promise<AddressFacts> {
  const [version, info] = await Promise.all([getJson(order, '/version'), getJson(order, '/info')]);
  const swarm = member(info, 'Swarm');
  const plugins = member(member(info, 'Plugins'), 'Authorization');
  const state = member(swarm, 'LocalNodeState');
  return {
    version: text(member(version, 'Version')) ?? text(member(info, 'ServerVersion')),
    platform: text(member(member(version, 'Platform'), 'Name')),
    running: count(member(info, 'ContainersRunning')),
    liveRestore: flag(member(info, 'LiveRestoreEnabled')),
    isSwarm: state === undefined ? undefined : state !== 'inactive',
    isSwarmLocked: state === 'locked',
    plugins: Array.isArray(plugins) ? plugins.flatMap((each) => text(each) ?? []) : [],
  };
}

/** What is answered with status 200, if it is JSON. */
export async function getJson(order: FactsOrder, path: string): Promise<unknown> {
  const body = await get(order, path);
  try {
    return body === undefined ? undefined : (JSON.parse(body) as unknown);
  } catch {
    return undefined;
  }
}

function get(order: FactsOrder, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const settle = (body: string | undefined): void => {
      clearTimeout(patience);
      sent.destroy();
      resolve(body);
    };
    const largest = 'socketPath' in order.door ? LARGEST_LOCAL_ANSWER : LARGEST_ANSWER;
    const sent = requestOf(order.door, path, (response) => void bodyOf(response, largest).then(settle));
    const patience = setTimeout(() => settle(undefined), order.patienceMs);
    sent.on('error', () => settle(undefined)).end();
  });
}

function requestOf(
  door: FactsDoor,
  path: string,
  then: (response: http.IncomingMessage) => void,
): http.ClientRequest {
  const { get: inTheClear } = process.getBuiltinModule('node:http');
  const host = 'socketPath' in door ? 'docker' : door.name;
  const headers = { Connection: 'close' };
  return inTheClear({ path, host, headers, createConnection: () => connectionTo(door) }, then);
}

/** What it reads is limited on the wire: a server may go on with what is no part of any answer. */
function connectionTo(door: FactsDoor): Duplex {
  if ('socketPath' in door) return limitRead(net.connect(door.socketPath), atMost(LARGEST_LOCAL_ANSWER));
  const { host, port, name, client } = door;
  const socket = limitRead(net.connect({ host, port }), atMost(LARGEST_READ));
  if (client === undefined) return socket;
  const { roots, pair } = client;
  return tls.connect({
    socket: tap(socket).stream,
    ca: [...roots],
    cert: pair.certificate,
    key: pair.key,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    servername: net.isIP(name) === 0 ? name : '',
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(name, certificate),
  });
}

async function bodyOf(response: http.IncomingMessage, largest: number): Promise<string | undefined> {
  if (response.statusCode !== 200) return undefined;
  return (await readBody(response, largest))?.toString('utf8');
}

export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

const LONGEST_TEXT = 200;

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT ? value : undefined;
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
