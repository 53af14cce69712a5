import {
  parseDaemonConfig,
  planAuthorizationPlugin,
  previewUndo,
  readAuthorizationPlugins,
  readDaemonConfig,
  undoDaemonConfig,
} from '@docker-mtls/daemon-config';
import { exists, PUBLIC_FILE, replaceFile, statIfExists } from '@docker-mtls/files';
import { unlessRefused } from '@docker-mtls/errors';
import { HostError } from '../host-error.ts';
import type { UndoPlan } from '../plan-undo.ts';
import { realPathOf } from '../real-path.ts';
import { PLUGIN, PLUGIN_PLACES } from './plugin-units.ts';

/**
 * Takes the plugin out of daemon.json, and says whether it was there. An undo must not bring back a plugin that is gone, with
 * which no engine starts: so this leaves no record, and where the installation was the newest change, its record is used up.
 */
export function forgetPlugin(config: string, now: Date): boolean {
  const document = parseDaemonConfig(readDaemonConfig(config), config);
  if (!readAuthorizationPlugins(document).includes(PLUGIN)) return false;
  if (isNewestChange(config)) {
    undoDaemonConfig(config, { now });
    return true;
  }
  const target = realPathOf(config);
  const { after } = planAuthorizationPlugin(document, PLUGIN, false);
  replaceFile(target, after, statIfExists(target) ?? PUBLIC_FILE);
  return true;
}

/** Would the undo of the newest change take the plugin away, and leave the unit alone? */
function isNewestChange(config: string): boolean {
  // There is none, or the file was edited since.
  const isIt = unlessRefused(() => {
    const { after, dropIn } = previewUndo(config);
    return dropIn === undefined && !asks(after);
  });
  return isIt === true;
}

/** Refuses an undo that has the engine ask a plugin which is not installed any more. Throws `HOST_PLUGIN_GONE`. */
export function refuseGonePlugin(
  { config, after, isOnRecord }: UndoPlan,
  spec: string = PLUGIN_PLACES.spec,
): void {
  if (!isOnRecord || !asks(after[0]) || exists(spec)) return;
  if (asks(readDaemonConfig(config)?.toString('utf8'))) return;
  throw new HostError(
    'HOST_PLUGIN_GONE',
    `before the change, ${config} named the plugin ${PLUGIN}, which was uninstalled since: with it, the engine would not start`,
    {
      hint: `run docker-mtls authz install first, or take ${PLUGIN} out of authorization-plugins in the newest .bak beside it`,
    },
  );
}

/** A file that is none of the engine's has it ask nobody. */
function asks(text: string | undefined): boolean {
  const bytes = text === undefined ? undefined : Buffer.from(text);
  const isAsked = unlessRefused(() => readAuthorizationPlugins(parseDaemonConfig(bytes)).includes(PLUGIN));
  return isAsked === true;
}
