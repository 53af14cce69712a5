// Writes the table of the engine's operations that authorization decides on, from the engine's own API specifications:
// node scripts/docker-operations.js FOLDER > packages/policy/src/operations/table.ts
// FOLDER holds v1.41.yaml, v1.45.yaml … of moby's api/docs. A route that belongs to no group ends the run: it has to be judged first.
import fs from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { parse } from 'yaml';

const GROUPS = {
  ping: 'SystemPing SystemPingHead',
  'read-safe': `SystemVersion SystemInfo SystemEvents SystemDataUsage SystemOptions ContainerList ContainerTop ContainerStats
    ContainerChanges ContainerWait ImageList ImageInspect ImageHistory NetworkList NetworkInspect VolumeList
    VolumeInspect NodeList NodeInspect CheckpointList`,
  'read-sensitive': `ContainerInspect ContainerLogs ContainerArchiveInfo ExecInspect ServiceList ServiceInspect ServiceLogs TaskList
    TaskInspect TaskLogs PluginList PluginInspect ConfigList ConfigInspect SecretList SecretInspect ImageAttestations`,
  exfil: `ContainerArchive ContainerExport ImageGet ImageGetAll ImagePush PluginPush SwarmInspect SwarmUnlockkey DebugVars DebugPprof`,
  lifecycle: `ContainerStart ContainerStop ContainerRestart ContainerKill ContainerPause ContainerUnpause ContainerRename
    ContainerUpdate ContainerResize ContainerDelete ContainerPrune`,
  interactive: 'ContainerExec ExecStart ExecResize ContainerAttach ContainerAttachWebsocket',
  create: 'ContainerCreate PutContainerArchive ImageCommit CheckpointCreate CheckpointDelete',
  images: 'ImageCreate ImageLoad ImageTag ImageDelete ImagePrune',
  build: 'ImageBuild BuildPrune BuildCancel Session Grpc',
  volumes: 'VolumeCreate VolumeUpdate VolumeDelete VolumePrune',
  networks: 'NetworkCreate NetworkConnect NetworkDisconnect NetworkDelete NetworkPrune',
  services: 'ServiceCreate ServiceUpdate ServiceDelete',
  swarm: 'SwarmInit SwarmJoin SwarmLeave SwarmUpdate SwarmUnlock NodeUpdate NodeDelete',
  secrets: 'SecretCreate SecretUpdate SecretDelete ConfigCreate ConfigUpdate ConfigDelete',
  plugins: 'PluginPull PluginCreate PluginEnable PluginDisable PluginUpgrade PluginSet PluginDelete',
  auth: 'SystemAuth',
  // Reads that make the engine connect to a registry which the client names.
  registry: 'ImageSearch DistributionInspect GetPluginPrivileges',
};

/** Served by engines, but in no specification. The engine registers those of checkpoints before all others. */
const FIRST = [
  ['CheckpointList', 'GET', '/containers/{id}/checkpoints'],
  ['CheckpointCreate', 'POST', '/containers/{id}/checkpoints'],
  ['CheckpointDelete', 'DELETE', '/containers/{id}/checkpoints/{checkpoint}'],
];
const LAST = [
  ['NetworkList', 'GET', '/networks/'],
  ['BuildCancel', 'POST', '/build/cancel'],
  ['Grpc', 'POST', '/grpc'],
  ['DebugVars', 'GET', '/debug/vars'],
  ['DebugPprof', 'GET', '/debug/pprof/{name}'],
  ['SystemOptions', 'OPTIONS', '/{path}'],
];

const groupOf = new Map(
  Object.entries(GROUPS).flatMap(([group, names]) => names.split(/\s+/).map((name) => [name, group])),
);

const folder = process.argv[2];
if (folder === undefined) throw new Error('name the folder of the specifications');
const routes = new Map(FIRST.map((route) => [route.join(' '), route]));
for (const file of fs.readdirSync(folder).toSorted()) {
  if (!file.endsWith('.yaml')) continue;
  const { paths } = parse(fs.readFileSync(path.join(folder, file), 'utf8'));
  for (const [template, methods] of Object.entries(paths)) {
    for (const [method, { operationId }] of Object.entries(methods)) {
      const route = [operationId, method.toUpperCase(), template];
      routes.set(route.join(' '), route);
    }
  }
}
for (const route of LAST) routes.set(route.join(' '), route);

const rows = [...routes.values()].map(([operation, method, template]) => {
  const group = groupOf.get(operation);
  if (group === undefined) throw new Error(`${operation} (${method} ${template}) is in no group: judge it`);
  return JSON.stringify([operation, method, template, group]);
});
const source = `// Written by scripts/docker-operations.js from the engine's API specifications; not edited by hand.

/** Each route of the engine: operation, method, path, group. The first row that matches is the one that the engine serves. */
export const ROUTES = [${rows.join(',\n')}] as const;
`;
process.stdout.write(await format(source, { parser: 'typescript', singleQuote: true, printWidth: 110 }));
