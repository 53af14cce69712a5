import { hash } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCrls } from '@docker-mtls/ca';
import { LARGEST_LIST } from '@docker-mtls/ca-directory';
import { PLUGIN_PLACES, readPluginStatus } from '@docker-mtls/engine/authorization';
import type { PluginStatus } from '@docker-mtls/engine/authorization';
import { readFile } from '@docker-mtls/files';
import { parseSshHost, readThere } from '@docker-mtls/ssh';
import type { SshHost } from '@docker-mtls/ssh';
import type { SshEnvironment, Pushed } from './push-list.ts';

export type RevokedIn = {
  readonly directory: string;
  /** Of performance.now, before the revocation. */
  readonly begun: number;
};

/** What a plugin says of the lists that it goes by; or why it does not say. */
type Ask = () => Promise<readonly { readonly sha256?: string }[] | string>;

const PATIENCE = { connect: 5, answer: 10 } as const;
const LOOK_EVERY_MS = 50;
/** A plugin takes a list over 200 to 300 ms after it was put there. */
const IN_FORCE_WITHIN_MS = 5000;

/**
 * Asks the plugins that lists were put to, here and over SSH, until they go by them: from then on, every request of a revoked client
 * is denied. What else reads lists, such as a proxy, cannot be asked.
 */
export async function awaitDenials(
  pushed: readonly Pushed[],
  { directory, begun }: RevokedIn,
  env: SshEnvironment,
): Promise<readonly Pushed[]> {
  const asked = pushed.map((each) => ({
    each,
    ask: each.problem === undefined ? askAt(each.to, env) : undefined,
  }));
  if (asked.every(({ ask }) => ask === undefined)) return pushed;
  const wanted = listsIn(directory);
  return Promise.all(
    asked.map(async ({ each, ask }) =>
      ask === undefined ? each : { ...each, ...(await denialAt(ask, { wanted, begun })) },
    ),
  );
}

async function denialAt(
  ask: Ask,
  { wanted, begun }: { readonly wanted: readonly string[]; readonly begun: number },
): Promise<Pick<Pushed, 'deniedAfter' | 'unconfirmed'>> {
  const end = performance.now() + IN_FORCE_WITHIN_MS;
  for (;;) {
    const lists = await ask();
    if (typeof lists === 'string') return { unconfirmed: lists };
    const present = new Set(lists.map(({ sha256 }) => sha256));
    const now = performance.now();
    if (wanted.every((sha256) => present.has(sha256))) return { deniedAfter: Math.round(now - begun) };
    if (now > end)
      return { unconfirmed: 'the plugin does not go by the list; docker-mtls authz status says why' };
    await sleep(LOOK_EVERY_MS);
  }
}

/** How to ask the plugin whose file this is. Undefined: it is not that of a plugin. */
function askAt(to: string, env: SshEnvironment): Ask | undefined {
  if (to === PLUGIN_PLACES.lists) return askHere;
  if (!to.startsWith('ssh://')) return undefined;
  const host = parseSshHost(to);
  return host.socket === PLUGIN_PLACES.lists ? () => askThere(host, env) : undefined;
}

async function askHere(): ReturnType<Ask> {
  const status = await readPluginStatus();
  return status === undefined ? 'the plugin here did not answer' : status.lists;
}

async function askThere(host: SshHost, env: SshEnvironment): ReturnType<Ask> {
  const there = await readThere(host, 'docker-mtls authz status --json', { env, patience: PATIENCE });
  if ('message' in there) return there.message;
  const status = there.code === 0 ? parse(there.stdout) : undefined;
  return status?.lists ?? 'docker-mtls authz status did not work there, which takes root and the program';
}

function parse(text: string): Pick<PluginStatus, 'lists'> | undefined {
  try {
    const value = JSON.parse(text) as Partial<PluginStatus> | null;
    const lists: unknown = value?.lists;
    // What answers there may say anything.
    return Array.isArray(lists) ? { lists: lists.filter(isList) } : undefined;
  } catch {
    return undefined;
  }
}

function isList(value: unknown): value is PluginStatus['lists'][number] {
  return typeof value === 'object' && value !== null;
}

/** Of the DER of each list of a CA directory. */
function listsIn(directory: string): readonly string[] {
  const lists = readCrls(readFile(path.join(directory, 'crl.pem'), LARGEST_LIST));
  return lists.map(({ der }) => hash('sha256', der, 'hex'));
}
