import nodePath from 'node:path';
import {
  exists,
  makeDirectory,
  PUBLIC_FILE,
  readFileIfExists,
  removeFile,
  replaceFile,
} from '@docker-mtls/files';
import { HostError } from '../host-error.ts';
import { SYSTEM } from '../scope.ts';
import { PLUGIN_PLACES, pluginUnits, SERVICE_UNIT, SOCKET_UNIT, specText } from './plugin-units.ts';
import type { PluginService } from './plugin-units.ts';

/** Where the units of the administrator are, which systemd prefers, and those of packages. Other places in tests. */
export type PluginHost = { readonly units: string; readonly packaged: string; readonly spec: string };

const HERE: PluginHost = {
  units: SYSTEM.units,
  packaged: '/usr/lib/systemd/system',
  spec: PLUGIN_PLACES.spec,
};
const MARK = '# Written by docker-mtls authz install\n';

/**
 * Writes what leads the engine to the plugin, and the units of that. A package's unit that says the same is used instead: it
 * changes with the package. Throws `HOST_PLUGIN_TAKEN` where somebody else's file has such a name.
 */
export function placePluginFiles(service: PluginService, host: PluginHost = HERE): void {
  write(host.spec, specText());
  for (const [name, text] of pluginUnits(service)) {
    const own = nodePath.join(host.units, name);
    if (textOf(nodePath.join(host.packaged, name)) === text) removeOwn(own);
    else write(own, MARK + text);
  }
}

/** Removes what was written here. What a package has brought stays, and so does what somebody else wrote. */
export function removePluginFiles(host: PluginHost = HERE): void {
  const units = [SOCKET_UNIT, SERVICE_UNIT].map((name) => nodePath.join(host.units, name));
  for (const path of [...units, host.spec]) if (isOwn(textOf(path))) removeFile(path);
}

function removeOwn(path: string): void {
  refuseOther(path);
  if (exists(path)) removeFile(path);
}

function write(path: string, text: string): void {
  refuseOther(path);
  if (!exists(nodePath.dirname(path))) makeDirectory(nodePath.dirname(path));
  replaceFile(path, text, PUBLIC_FILE);
}

function refuseOther(path: string): void {
  const before = textOf(path);
  if (before === undefined || isOwn(before)) return;
  throw new HostError('HOST_PLUGIN_TAKEN', `${path} exists already and was not written by docker-mtls`, {
    hint: 'move it away first',
  });
}

function isOwn(text: string | undefined): boolean {
  return text?.startsWith(MARK) === true || text === specText();
}

function textOf(path: string): string | undefined {
  return readFileIfExists(path)?.toString('utf8');
}
