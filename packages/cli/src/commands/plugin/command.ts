import type { CommandSpec } from '../../command-line/command.ts';
import { JSON_OPTION } from '../../command-line/options.ts';

const OPTIONS: CommandSpec['options'] = {
  system: { type: 'boolean', describe: 'For every user of this machine, as root' },
  json: JSON_OPTION,
};

const install: CommandSpec = {
  name: 'install',
  summary: 'Link this program into the plugins of the Docker CLI',
  positionals: [],
  options: OPTIONS,
  examples: [
    ['plugin install', 'docker mtls list is docker-mtls list from now on'],
    ['plugin install --system', 'The same for every user'],
  ],
  load: async () => (await import('../code/others.ts')).installPluginAction,
};

const remove: CommandSpec = {
  name: 'remove',
  summary: 'Remove the link; the program itself stays',
  positionals: [],
  options: OPTIONS,
  examples: [['plugin remove', 'docker mtls no longer works']],
  load: async () => (await import('../code/others.ts')).removePluginAction,
};

export const plugin: CommandSpec = {
  name: 'plugin',
  summary: 'Use this program as docker mtls',
  positionals: [],
  options: {},
  commands: [install, remove],
  examples: [['plugin install', 'docker mtls list is docker-mtls list from now on']],
};
