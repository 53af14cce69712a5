import { setTimeout as sleep } from 'node:timers/promises';
import fs from 'node:fs';
import nodePath from 'node:path';
import {
  applyDaemonConfig,
  parseDaemonConfig,
  planAuthorizationPlugin,
  readAuthorizationPlugins,
  readDaemonConfig,
} from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument } from '@docker-mtls/daemon-config';
import type { Caller } from '@docker-mtls/errors';
import { exists, makePublicDirectory, PUBLIC_FILE, replaceFile } from '@docker-mtls/files';
import { engineDoors } from '../engine-door.ts';
import { HostError } from '../host-error.ts';
import type { HostUnit } from '../host-unit.ts';
import type { LocalEngine } from '../local-engine.ts';
import { reloadRecorder } from '../reload-record.ts';
import { unitToChange, withEngineLock } from '../this-host.ts';
import { forgetPlugin } from './forget-plugin.ts';
import { noUnit, pluginCaller } from './plugin-change.ts';
import { askPlugin, isAskedByEngine } from './ask-plugin.ts';
import { groups } from './groups.ts';
import { placePluginFiles } from './plugin-files.ts';
import { PLUGIN_PLACES, PLUGIN, SERVICE_UNIT, SOCKET_UNIT } from './plugin-units.ts';
import { refusePluginHere } from './refuse-plugin.ts';
import { removePlugin } from './uninstall-plugin.ts';

export type PluginOrder = {
  readonly engine: LocalEngine;
  /** Used where there is no policy yet. */
  readonly policy: string;
  readonly roots: string | Uint8Array;
  readonly lists: string | Uint8Array;
  readonly program: readonly string[];
  /** PEM of a client that the policy lets through. */
  readonly administrator: string;
  /** Has the engine serve that client: throws if it does not. */
  readonly prove: () => Promise<void>;
  /** Though other settings of daemon.json would come into force. */
  readonly force: boolean;
};

export type InstalledPlugin = {
  readonly policy: 'written' | 'kept';
  readonly backup: string | undefined;
};

const IN_FORCE_WITHIN_MS = 30_000;
const PAUSE_MS = 200;

/**
 * Has this machine's engine ask docker-mtls about each request: a socket and a service of systemd, then daemon.json, then SIGHUP. The
 * plugin is asked as the engine will ask it before the engine is: one that asks a plugin which does not answer ends. Throws
 * `HOST_PLUGIN_…` with everything as it was.
 */
export async function installPlugin(order: PluginOrder, caller: Caller): Promise<InstalledPlugin> {
  const unit = await unitToChange(order.engine);
  if (unit === undefined) throw noUnit(order.engine);
  return withEngineLock(unit, pluginCaller(caller), () => install(unit, order, caller));
}

async function install(unit: HostUnit, order: PluginOrder, caller: Caller): Promise<InstalledPlugin> {
  const document = readDocument(unit);
  const engineSocket = socketOf(unit);
  const isInUse = readAuthorizationPlugins(document).includes(PLUGIN);
  // Without a change there is no reload.
  refusePluginHere(unit, document, { force: order.force || isInUse, roots: order.roots });
  const policy = writeSettings(order);
  try {
    await startPlugin(unit, order, engineSocket);
    await requireAnswers(order);
    const backup = await haveItAsked(unit, order, { document, engineSocket, now: caller.now() });
    return { policy, backup };
  } catch (error) {
    if (!isInUse) await removePlugin(unit);
    throw error;
  }
}

function readDocument({ config }: HostUnit): DaemonConfigDocument {
  return parseDaemonConfig(readDaemonConfig(config), config);
}

function socketOf(unit: HostUnit): string {
  const door = engineDoors(unit, unit.config).find((each) => 'socketPath' in each);
  if (door === undefined || !('socketPath' in door)) {
    throw new HostError('HOST_PLUGIN_UNSUPPORTED', 'the engine has no local socket to ask it about objects', {
      hint: 'add unix:///var/run/docker.sock to its hosts',
    });
  }
  return door.socketPath;
}

/** Only root changes them, so that nobody else decides what the plugin goes by. The plugin is another user, and reads them. */
function writeSettings({ policy, roots, lists }: PluginOrder): InstalledPlugin['policy'] {
  for (const folder of [nodePath.dirname(PLUGIN_PLACES.settings), PLUGIN_PLACES.settings])
    if (!exists(folder)) makePublicDirectory(folder);
  replaceFile(PLUGIN_PLACES.roots, roots, PUBLIC_FILE);
  replaceFile(PLUGIN_PLACES.lists, lists, PUBLIC_FILE);
  if (exists(PLUGIN_PLACES.policy)) return 'kept';
  replaceFile(PLUGIN_PLACES.policy, policy, PUBLIC_FILE);
  return 'written';
}

async function startPlugin(
  { systemd }: HostUnit,
  { program }: PluginOrder,
  engineSocket: string,
): Promise<void> {
  placePluginFiles({ program, engineSocket: plainPath(engineSocket), group: groupOf(engineSocket) });
  await systemd.daemonReload();
  await systemd.enable(SOCKET_UNIT);
  await systemd.restart([SERVICE_UNIT]);
}

/** Without links on the way: /var/run is one. */
function plainPath(socket: string): string {
  return nodePath.join(fs.realpathSync(nodePath.dirname(socket)), nodePath.basename(socket));
}

/** By its name, where it has one that a unit can have: /etc/group may number it again. */
function groupOf(socket: string): string {
  const { gid } = fs.statSync(socket);
  const name = groups().find((group) => group.gid === gid)?.name ?? '';
  return /^[a-z_][a-z0-9_-]*$/.test(name) ? name : String(gid);
}

/** As the engine asks: an engine that gets no answer at its start or reload ends. */
async function requireAnswers({ administrator }: PluginOrder): Promise<void> {
  const { socket } = PLUGIN_PLACES;
  const certificate = Buffer.from(administrator).toString('base64');
  const call = {
    UserAuthNMethod: 'TLS',
    RequestMethod: 'GET',
    // Who may have this one may have everything.
    RequestUri: '/swarm/unlockkey',
    RequestPeerCertificates: [certificate],
  };
  const activated = await askPlugin(socket, '/Plugin.Activate');
  const allowed = await askPlugin(socket, '/AuthZPlugin.AuthZReq', call);
  const denied = await askPlugin(socket, '/AuthZPlugin.AuthZReq', { ...call, RequestPeerCertificates: [] });
  const isRight =
    JSON.stringify(activated) === '{"Implements":["authz"]}' &&
    allowed?.['Allow'] === true &&
    denied?.['Allow'] === false;
  if (isRight) return;
  const said = allowed?.['Msg'] ?? 'it gave no answer';
  throw new HostError(
    'HOST_PLUGIN_SILENT',
    `the plugin does not let the administrator through: ${String(said)}`,
    {
      hint: `see journalctl -u ${SERVICE_UNIT}`,
    },
  );
}

type Asking = {
  readonly document: DaemonConfigDocument;
  readonly engineSocket: string;
  readonly now: Date;
};

async function haveItAsked(
  unit: HostUnit,
  { prove }: PluginOrder,
  { document, engineSocket, now }: Asking,
): Promise<string | undefined> {
  const plan = planAuthorizationPlugin(document, PLUGIN, true);
  const hasChanged = reloadRecorder(unit.config);
  const { backup, written } = applyDaemonConfig(unit.config, plan, { now });
  const isReloaded = hasChanged();
  try {
    if (written) await unit.systemd.reload(unit.name);
    await untilAsked(engineSocket);
    await prove();
    if (written) isReloaded();
    return backup;
  } catch (error) {
    // One that was asked before stays: taking it away would let everyone do everything.
    if (written) await takeBack(unit, now, hasChanged);
    throw error;
  }
}

async function takeBack(
  unit: HostUnit,
  now: Date,
  hasChanged: ReturnType<typeof reloadRecorder>,
): Promise<void> {
  forgetPlugin(unit.config, now);
  const isReloaded = hasChanged();
  await unit.systemd.reload(unit.name);
  isReloaded();
}

async function untilAsked(engineSocket: string): Promise<void> {
  const end = performance.now() + IN_FORCE_WITHIN_MS;
  while (!(await isAskedByEngine(PLUGIN_PLACES.socket, engineSocket))) {
    if (performance.now() > end) {
      throw new HostError('HOST_PLUGIN_UNPROVEN', 'the engine does not deny what the plugin denies', {
        hint: 'see journalctl -u docker.service',
      });
    }
    await sleep(PAUSE_MS);
  }
}
