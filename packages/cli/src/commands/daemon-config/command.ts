import type { CommandSpec } from '../../command-line/command.ts';
import {
  CA_OPTIONS,
  CONFIG_OPTION,
  DAEMON_OPTIONS,
  IN_SPITE,
  JSON_OPTION,
  PASSPHRASE_OPTIONS,
  SWARM_LOCK_OPTION,
} from '../../command-line/options.ts';

const undo: CommandSpec = {
  name: 'undo',
  summary: 'Put the previous daemon.json back',
  positionals: [],
  options: {
    config: CONFIG_OPTION,
    'dry-run': { type: 'boolean', describe: 'Show what would change, and change nothing' },
    apply: { type: 'boolean', describe: 'Restart the engine too (systemd)' },
    'allow-swarm-lock': SWARM_LOCK_OPTION,
    force: {
      type: 'boolean',
      describe: `Undo even if daemon.json was edited; restart ${IN_SPITE}`,
    },
    json: JSON_OPTION,
  },
  examples: [
    ['daemon-config undo --dry-run', 'See the difference first'],
    ['daemon-config undo', 'Back to what it was'],
    ['daemon-config undo --apply', 'The same in the running engine'],
  ],
  load: async () => (await import('../code/others.ts')).undo,
};

export const daemonConfig: CommandSpec = {
  name: 'daemon-config',
  summary: "Merge mutual TLS into the engine's daemon.json, or undo that",
  positionals: [],
  options: {
    server: {
      type: 'string',
      describe: 'Which server pair the engine shows (default: the only one, or the one in daemon.json)',
    },
    ...DAEMON_OPTIONS,
    force: { type: 'boolean', describe: `Restart the engine ${IN_SPITE}` },
    ...PASSPHRASE_OPTIONS,
    ...CA_OPTIONS,
  },
  commands: [undo],
  examples: [
    ['daemon-config --server node1.example.com --dry-run', 'See the difference first'],
    ['daemon-config --apply', 'Change it, restart the engine and prove it, or put all back'],
    ['daemon-config undo', 'Back to what it was'],
  ],
  load: async () => (await import('../code/engine.ts')).daemonConfig,
};
