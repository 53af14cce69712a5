import type { CommandSpec, OptionSpec, OptionSpecs } from '../../command-line/command.ts';
import { CA_DIR_OPTION, CA_OPTIONS, CONFIG_OPTION, JSON_OPTION } from '../../command-line/options.ts';

const POLICY_OPTION: OptionSpec = {
  type: 'string',
  describe: 'The policy of the engine (default: /etc/docker-mtls/docker/policy.yaml)',
};

const LOCK_OPTIONS: OptionSpecs = { policy: POLICY_OPTION, json: JSON_OPTION };

const install: CommandSpec = {
  name: 'install',
  summary: "Have this machine's engine ask docker-mtls about each request (systemd)",
  positionals: [],
  options: {
    admin: {
      type: 'string',
      repeatable: true,
      describe: 'Client that may do everything; one has its key here',
    },
    others: { type: 'string', describe: 'Role of all other clients with a valid certificate' },
    force: { type: 'boolean', describe: 'Install even if other settings of daemon.json come into force too' },
    config: CONFIG_OPTION,
    ...CA_OPTIONS,
  },
  examples: [['authz install --admin alice --others viewer', 'alice may do everything, the others look']],
  load: async () => (await import('../code/others.ts')).installAuthzAction,
};

const uninstall: CommandSpec = {
  name: 'uninstall',
  summary: 'Undo that, also while the engine or the plugin does not work',
  positionals: [],
  options: { config: CONFIG_OPTION, json: JSON_OPTION },
  examples: [['authz uninstall', 'Every client with a certificate may do everything again']],
  load: async () => (await import('../code/others.ts')).uninstallAction,
};

const status: CommandSpec = {
  name: 'status',
  summary: 'Show what the plugin goes by',
  positionals: [],
  options: { json: JSON_OPTION },
  examples: [['authz status', 'Mode, revocation lists, locks, problems, the end of the audit log']],
  load: async () => (await import('../code/others.ts')).statusAction,
};

const check: CommandSpec = {
  name: 'check',
  summary: 'Say what the plugin cannot control here; exit code 3 when it does not decide',
  positionals: [],
  options: {
    engine: { type: 'string', describe: "The engine's local socket (default: /run/docker.sock)" },
    json: JSON_OPTION,
  },
  examples: [['authz check', 'Local clients, files that are not in force, faults of the engine']],
  load: async () => (await import('../code/others.ts')).checkAuthzAction,
};

const serve: CommandSpec = {
  name: 'serve',
  summary: 'Answer an engine that asks about each request, until stopped',
  positionals: [],
  options: {
    policy: { type: 'string', describe: 'Who may do what; locks.json next to it holds the locks' },
    socket: {
      type: 'string',
      describe:
        'Where the engine asks, in a folder that only root can enter (default: the socket of systemd)',
    },
    audit: { type: 'string', describe: 'Folder of the audit log (default: denials are printed)' },
    'checkpoint-program': {
      type: 'string',
      describe: 'Run this with each checkpoint of the audit log as its argument, to keep it elsewhere',
    },
    ca: { type: 'string', describe: 'The CAs of the clients: ca.pem', conflicts: 'ca-dir' },
    crl: { type: 'string', describe: 'The revocation lists of these CAs', conflicts: 'ca-dir' },
    'ca-dir': CA_DIR_OPTION,
    engine: { type: 'string', describe: "The engine's local socket (default: /run/docker.sock)" },
  },
  examples: [
    [
      'authz serve --policy policy.yaml --socket /run/docker-mtls/plugin.sock',
      'Without systemd, for an engine whose /etc/docker/plugins/docker-mtls.spec names that socket',
    ],
  ],
  load: async () => (await import('../code/policy.ts')).serveAction,
};

const add: CommandSpec = {
  name: 'add',
  summary: 'Keep a certificate, a name or a role out from the next request on',
  positionals: [],
  options: {
    serial: { type: 'string', describe: 'Serial number of a certificate' },
    name: { type: 'string', describe: 'Common name of a client' },
    fingerprint: { type: 'string', describe: 'SHA-256 of a certificate' },
    role: { type: 'string', describe: 'Everyone who has this role' },
    reason: { type: 'string', describe: 'What the client is told' },
    until: {
      type: 'string',
      describe: 'When it ends: 12h, 2027-01-31 or 2027-01-31T12:00:00Z (default: never)',
    },
    ...LOCK_OPTIONS,
  },
  examples: [
    ['authz lock add --name alice --reason "laptop lost"', 'Until it is removed'],
    ['authz lock add --role ci --until 2h', 'No deployments while the host is repaired'],
  ],
  load: async () => (await import('../code/policy.ts')).addAction,
};

const list: CommandSpec = {
  name: 'list',
  summary: 'List the locks',
  positionals: [],
  options: LOCK_OPTIONS,
  examples: [['authz lock list', 'With those that have ended']],
  load: async () => (await import('../code/policy.ts')).listLocksAction,
};

const remove: CommandSpec = {
  name: 'remove',
  summary: 'Remove a lock',
  positionals: [{ name: 'id', required: true, describe: 'Its id, as the list shows it' }],
  options: LOCK_OPTIONS,
  examples: [['authz lock remove 1', 'The client is served again']],
  load: async () => (await import('../code/policy.ts')).removeAction,
};

const lock: CommandSpec = {
  name: 'lock',
  summary: 'Keep clients out without revoking their certificates',
  positionals: [],
  options: {},
  commands: [add, list, remove],
  examples: [
    ['authz lock add --name alice --until 12h', 'Denied from the next request on, and back in 12 hours'],
  ],
};

export const authz: CommandSpec = {
  name: 'authz',
  summary: 'Have an engine ask who may do what',
  positionals: [],
  options: {},
  commands: [install, uninstall, status, check, serve, lock],
  examples: [
    ['authz install --admin alice --others viewer', 'alice may do everything, the others look'],
    ['authz lock add --name alice', 'Denied from the next request on'],
  ],
};
