import type { CommandSpec } from '../../command-line/command.ts';
import {
  IN_SPITE,
  CA_OPTIONS,
  CONFIG_OPTION,
  CUT_OFF_OPTION,
  ISSUE_OPTIONS,
  LIVE_RESTORE_OPTION,
  PASSPHRASE_OPTIONS,
  SERVER_NAME_OPTIONS,
  SWARM_LOCK_OPTION,
} from '../../command-line/options.ts';

export const issueServer: CommandSpec = {
  name: 'issue-server',
  summary: 'Issue the pair that an engine shows to its clients',
  positionals: [
    { name: 'name', required: false, describe: 'DNS name or address of the engine (default: this machine)' },
  ],
  options: {
    names: {
      type: 'string',
      describe: 'File with a server on each line, followed by its other names, instead of NAME',
    },
    ...SERVER_NAME_OPTIONS,
    ...ISSUE_OPTIONS,
    apply: {
      type: 'boolean',
      describe: 'With --force: restart the engine with the new pair and prove it, or put the old pair back',
    },
    'live-restore': LIVE_RESTORE_OPTION,
    'allow-quorum-loss': {
      type: 'boolean',
      describe: `With --apply: restart the engine ${IN_SPITE}`,
    },
    'allow-swarm-lock': SWARM_LOCK_OPTION,
    'allow-cut-off': CUT_OFF_OPTION,
    config: CONFIG_OPTION,
    ...PASSPHRASE_OPTIONS,
    ...CA_OPTIONS,
  },
  examples: [
    ['issue-server node1.example.com --san 10.0.0.5', 'A pair for an engine with one more address'],
    [
      'issue-server --local --out /etc/docker/tls',
      'A pair for this machine, copied to where its engine reads it',
    ],
    ['issue-server --names hosts.txt', 'Pairs for all in the list that have none yet'],
    ['issue-server node1.example.com --force --apply', 'A new pair for the engine that runs here, proven'],
    ['issue-server dind --layout dind --out certs', 'For Docker-in-Docker with DOCKER_TLS_CERTDIR=/certs'],
  ],
  load: async () => (await import('../code/engine.ts')).issueServer,
};
