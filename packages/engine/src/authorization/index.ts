export { usersOfGroup } from './groups.ts';
export type { Accounts } from './groups.ts';
export { installPlugin } from './install-plugin.ts';
export type { InstalledPlugin, PluginOrder } from './install-plugin.ts';
export { pluginFindings, readPluginStatus } from './plugin-findings.ts';
export type { PluginFindingId, PluginStatus } from './plugin-findings.ts';
export { PLUGIN, PLUGIN_PLACES } from './plugin-units.ts';
export { uninstallPlugin } from './uninstall-plugin.ts';
export type { UninstalledPlugin } from './uninstall-plugin.ts';
