import type { CommandSpec } from '../../command-line/command.ts';
import {
  IN_SPITE,
  BUNDLE_OPTIONS,
  CA_OPTIONS,
  DAEMON_OPTIONS,
  GROUP_OPTIONS,
  LIFETIME_OPTIONS,
  NEW_KEY_OPTIONS,
  SERVER_NAME_OPTIONS,
} from '../../command-line/options.ts';

export const secure: CommandSpec = {
  name: 'secure',
  summary: 'All of it: CA, server, client, daemon.json, bundle, and the proof',
  positionals: [
    { name: 'name', required: false, describe: 'DNS name or address of the engine (default: this machine)' },
  ],
  options: {
    client: { type: 'string', repeatable: true, describe: 'Name of the first client (required)' },
    ...GROUP_OPTIONS,
    ...SERVER_NAME_OPTIONS,
    'ca-name': {
      type: 'string',
      describe: 'Name of the authority, if it is made now (default: docker-mtls CA)',
    },
    ...LIFETIME_OPTIONS,
    out: { type: 'string', describe: "Also write the server's files into this folder" },
    ...DAEMON_OPTIONS,
    force: {
      type: 'boolean',
      describe: `Restart the engine ${IN_SPITE}`,
    },
    ...BUNDLE_OPTIONS,
    ...NEW_KEY_OPTIONS,
    ...CA_OPTIONS,
  },
  examples: [
    ['secure node1.example.com --client alice', 'From nothing to an engine that only alice can use'],
    ['secure --client alice --apply', 'The same on this machine, restart and proof included'],
    ['secure --client alice --dry-run', 'What would be made and changed on this machine'],
  ],
  load: async () => (await import('../code/engine.ts')).secure,
};
