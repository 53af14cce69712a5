import type { CommandSpec } from '../../command-line/command.ts';
import { IN_SPITE, CA_OPTIONS, DAEMON_OPTIONS, PASSPHRASE_OPTIONS } from '../../command-line/options.ts';

export const daemonConfig: CommandSpec = {
  name: 'daemon-config',
  summary: "Merge mutual TLS into the engine's daemon.json, or undo that",
  positionals: [
    {
      name: 'action',
      required: false,
      choices: ['undo'],
      describe: 'undo: put the previous daemon.json back',
    },
  ],
  options: {
    server: {
      type: 'string',
      describe: 'Which server pair the engine shows (default: the only one there is)',
    },
    ...DAEMON_OPTIONS,
    undo: { type: 'boolean', describe: 'Put the previous daemon.json back' },
    ...PASSPHRASE_OPTIONS,
    force: {
      type: 'boolean',
      describe: `Undo even if daemon.json was edited; restart ${IN_SPITE}`,
    },
    ...CA_OPTIONS,
  },
  examples: [
    ['daemon-config --server node1.example.com --dry-run', 'See the difference first'],
    ['daemon-config --apply', 'Change it, restart the engine and prove it, or put all back'],
    ['daemon-config undo', 'Back to what it was'],
  ],
  load: () => import('./run.ts'),
};
