import type { OptionSpec, OptionSpecs } from './command.ts';

// Options that several commands share: said once, so that they mean the same everywhere.

/** Options under a heading of their own in the help. */
export function grouped(group: string, options: OptionSpecs): OptionSpecs {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...option, group }]));
}

export const JSON_OPTION: OptionSpec = {
  type: 'boolean',
  describe: 'Print one JSON object instead of text',
};

export const CA_DIR_OPTION: OptionSpec = {
  type: 'string',
  group: 'CA',
  describe: 'CA directory (default: $DOCKER_MTLS_CA_DIR, else ~/.local/share/docker-mtls)',
};

export const CA_OPTIONS: OptionSpecs = {
  'ca-dir': CA_DIR_OPTION,
  json: JSON_OPTION,
};

export const PASSPHRASE_OPTIONS: OptionSpecs = grouped('CA', {
  'passphrase-file': {
    type: 'string',
    describe:
      'File with the passphrase of the CA key, - for stdin (default: $DOCKER_MTLS_PASSPHRASE_FILE, else asked)',
  },
});

export const LIFETIME_OPTIONS: OptionSpecs = grouped('Certificate', {
  days: { type: 'string', describe: 'Lifetime in days (default: as the profile says)' },
  ttl: { type: 'string', describe: 'Lifetime as 30m, 12h or 7d' },
  'key-type': {
    type: 'string',
    describe: 'Kind of key (default: as the profile says)',
    choices: ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096', 'ed25519'],
  },
});

/** Where a revocation list is put, too. */
export const PUSH_OPTION: OptionSpec = {
  type: 'string',
  repeatable: true,
  describe: 'Also put the revocation list there, by a rename: a path, or ssh://user@host/path',
};

/** Where a CA key may be made: it is encrypted, or on purpose not. */
export const NEW_KEY_OPTIONS: OptionSpecs = {
  ...PASSPHRASE_OPTIONS,
  ...grouped('CA', {
    passphrase: { type: 'boolean', describe: 'Ask for a passphrase on the terminal' },
    'no-passphrase': {
      type: 'boolean',
      describe: 'Do not encrypt the CA key',
      conflicts: 'passphrase',
    },
  }),
};

export const ISSUE_OPTIONS: OptionSpecs = {
  csr: { type: 'string', describe: 'Sign this certificate request; only its key is taken' },
  ...LIFETIME_OPTIONS,
  out: { type: 'string', describe: 'Also write the files into this folder' },
  layout: {
    type: 'string',
    choices: ['flat', 'dind'],
    describe: 'How --out is laid out; dind: as $DOCKER_TLS_CERTDIR of Docker-in-Docker',
  },
  force: { type: 'boolean', describe: 'Replace an existing pair; the old files are kept aside' },
};

export const SERVER_NAME_OPTIONS: OptionSpecs = grouped('Certificate', {
  san: { type: 'string', repeatable: true, describe: 'Another DNS name, IPv4 or IPv6 address of the engine' },
  local: { type: 'boolean', describe: "Add this machine's host names and addresses" },
  'allow-wildcard': { type: 'boolean', describe: 'Accept names such as *.example.com' },
});

export const NAMES_OPTIONS: OptionSpecs = {
  names: {
    type: 'string',
    describe: 'File with a name on each line, followed by its groups, instead of NAME',
  },
};

export const GROUP_OPTIONS: OptionSpecs = grouped('Certificate', {
  group: { type: 'string', repeatable: true, describe: 'Group of the client, as an OU of its certificate' },
});

export const CONFIG_OPTION: OptionSpec = {
  type: 'string',
  group: 'Engine',
  describe: "The engine's configuration file (default: that of this machine's engine)",
};

/** What an engine is restarted in spite of, when the command line insists. */
export const IN_SPITE = 'even if a swarm loses its managers, or the engine does not tell what would stop';

export const LIVE_RESTORE_OPTION: OptionSpec = {
  type: 'boolean',
  describe: 'With --apply: containers run on while the engine restarts, now and later',
};

export const SWARM_LOCK_OPTION: OptionSpec = {
  type: 'boolean',
  describe: 'With --apply: restart a manager of a swarm with autolock, which is locked afterwards',
};

export const CUT_OFF_OPTION: OptionSpec = {
  type: 'boolean',
  describe: 'Go on though clients lose access: by names, CAs or addresses that go',
};

export const DAEMON_OPTIONS: OptionSpecs = {
  ...grouped('Engine', {
    config: CONFIG_OPTION,
    listen: {
      type: 'string',
      repeatable: true,
      describe: 'Address and port to serve on (default: where it has TLS already, else 0.0.0.0:2376)',
    },
    'certs-dir': {
      type: 'string',
      describe: "Folder of the server's files as the engine sees it (default: where they are)",
    },
    apply: {
      type: 'boolean',
      describe: 'Restart the engine and prove it (systemd); on failure everything is put back',
    },
    'live-restore': LIVE_RESTORE_OPTION,
    'allow-swarm-lock': SWARM_LOCK_OPTION,
    'allow-cut-off': CUT_OFF_OPTION,
  }),
  'dry-run': { type: 'boolean', describe: 'Show what would change, and change nothing' },
};

export const BUNDLE_OPTIONS: OptionSpecs = {
  layout: {
    type: 'string',
    choices: ['flat', 'pwd'],
    describe:
      'Plain files instead of a folder that knows its engine: flat: ca.pem, cert.pem, key.pem; ' +
      'pwd: ca.pem, client-cert.pem, client-key.pem',
  },
  output: {
    type: 'string',
    alias: 'o',
    describe: 'Archive to write (default: NAME.tar.gz)',
  },
};

export const TIMEOUT_OPTION: OptionSpec = {
  type: 'string',
  describe:
    'How long an address may take, as 5s (the default) or 20s: an authorization plugin that is down takes 15s',
};
