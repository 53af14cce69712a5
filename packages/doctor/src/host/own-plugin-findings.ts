import { PLUGIN, pluginFindings, readPluginStatus } from '@docker-mtls/engine/authorization';
import type { PluginFindingId } from '@docker-mtls/engine/authorization';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';

/** The version of the engine and the group docker are looked at for every engine. */
const FOUND_ELSEWHERE: ReadonlySet<PluginFindingId> = new Set<PluginFindingId>([
  'local-clients',
  'local-builds',
  'engine-bypass',
  'engine-bypass-unknown',
]);

const SUBJECT = `plugin ${PLUGIN}`;

/**
 * Whether the engine asks the plugin of docker-mtls, shown by a request that the plugin denies: what /info lists are the plugins of
 * the start.
 */
export async function ownPluginFindings(socketPath: string, now: Date): Promise<readonly FoundFinding[]> {
  const findings = await pluginFindings(socketPath, now);
  return findings
    .filter(({ id }) => !FOUND_ELSEWHERE.has(id))
    .map(({ id, severity, message, hint }) =>
      found('authorization', id, { subject: SUBJECT, severity, message, hint }),
    );
}

/** An engine whose plugin is down answers nobody for 15 s: only the plugin can be asked. */
export async function downPluginFindings(): Promise<readonly FoundFinding[]> {
  if ((await readPluginStatus()) !== undefined) return [];
  return [
    found('authorization', 'authorization-plugin-down', { subject: SUBJECT, message: 'it does not answer' }),
  ];
}

/** Root alone may ask the plugin of docker-mtls. */
export function isOwnPlugin(name: string): boolean {
  return name === PLUGIN && process.geteuid?.() === 0;
}
