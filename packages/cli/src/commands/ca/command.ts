import type { CommandSpec, OptionSpecs } from '../../command-line/command.ts';
import {
  CA_OPTIONS,
  LIFETIME_OPTIONS,
  NEW_KEY_OPTIONS,
  PASSPHRASE_OPTIONS,
} from '../../command-line/options.ts';

const renew: CommandSpec = {
  name: 'renew',
  summary: 'Give the CA new dates: same name, same key, and all certificates stay valid',
  positionals: [],
  options: {
    days: { type: 'string', describe: 'Lifetime in days (default: as long as before)' },
    'allow-cut-off': {
      type: 'boolean',
      describe: 'Go on though the CA ends before its present end, and before certificates that it issued',
    },
    ...PASSPHRASE_OPTIONS,
    ...CA_OPTIONS,
  },
  examples: [['ca renew', 'Before the CA ends, or after']],
  load: async () => (await import('../code/others.ts')).runCaRenew,
};

const verify: CommandSpec = {
  name: 'verify',
  summary: 'Check that nothing in the log was changed or removed; exit code 3 when it was',
  positionals: [
    {
      name: 'checkpoint',
      required: false,
      describe:
        'What an earlier check printed: shows also that the end of the log, or all of it, was exchanged',
    },
  ],
  options: CA_OPTIONS,
  examples: [['ca log verify', 'Keep the checkpoint that it prints on another machine']],
  load: async () => (await import('../code/others.ts')).runCaLogVerify,
};

const log: CommandSpec = {
  name: 'log',
  summary: 'What was done with this CA, by whom and when',
  positionals: [],
  options: {
    last: { type: 'string', describe: 'Only that many of the newest events' },
    ...CA_OPTIONS,
  },
  commands: [verify],
  examples: [['ca log --last 20', 'The newest events, the last one at the end']],
  load: async () => (await import('../code/ca.ts')).runCaLog,
};

const check: CommandSpec = {
  name: 'check',
  summary: 'Compare the CA directory with its registry; exit code 3 when something is wrong',
  positionals: [],
  options: { ...PASSPHRASE_OPTIONS, ...CA_OPTIONS },
  examples: [['ca check', 'Modes, missing and changed files, keys, lists, the log; it changes nothing']],
  load: async () => (await import('../code/others.ts')).runCaCheck,
};

const repair: CommandSpec = {
  name: 'repair',
  summary: 'Set right what check finds, as far as the registry has it; exit code 3 when something is left',
  positionals: [],
  options: { ...PASSPHRASE_OPTIONS, ...CA_OPTIONS },
  examples: [['ca repair', 'Modes, unfinished work, certificates, ca.pem and crl.pem']],
  load: async () => (await import('../code/others.ts')).runCaRepair,
};

const backup: CommandSpec = {
  name: 'backup',
  summary: 'Write all of the CA directory that cannot be made again to one file',
  positionals: [{ name: 'file', required: true, describe: 'File to make' }],
  options: {
    encrypt: { type: 'boolean', describe: 'Encrypt it with a passphrase (age format)' },
    recipient: {
      type: 'string',
      repeatable: true,
      describe: 'Encrypt it for the holder of this age recipient (age1…)',
    },
    plaintext: { type: 'boolean', describe: 'Write private keys that nothing encrypts' },
    'bundle-passphrase-file': {
      type: 'string',
      describe: 'File with the passphrase for --encrypt (default: asked)',
    },
    ...CA_OPTIONS,
  },
  examples: [
    ['ca backup ca.backup --recipient age1…', 'By a timer: it needs no passphrase'],
    ['ca backup ca.backup --encrypt', 'Asks for a passphrase'],
  ],
  load: async () => (await import('../code/others.ts')).runCaBackup,
};

const restore: CommandSpec = {
  name: 'restore',
  summary: 'Make a CA directory from a backup; what was revoked since stays revoked',
  positionals: [{ name: 'file', required: true, describe: 'File that ca backup wrote' }],
  options: {
    crl: { type: 'string', describe: 'The newest crl.pem that was published: who is on it stays revoked' },
    identity: { type: 'string', describe: 'age identity file that opens the backup (AGE-SECRET-KEY-1…)' },
    'bundle-passphrase-file': {
      type: 'string',
      describe: 'File with the passphrase of the backup (default: asked)',
    },
    ...PASSPHRASE_OPTIONS,
    ...CA_OPTIONS,
  },
  examples: [['ca restore ca.backup --crl crl.pem --ca-dir ./ca', 'Into a folder that is new or empty']],
  load: async () => (await import('../code/others.ts')).runCaRestore,
};

const passphrase: CommandSpec = {
  name: 'passphrase',
  summary: 'Add, change or remove the passphrase of the CA key',
  positionals: [],
  options: {
    'new-passphrase-file': {
      type: 'string',
      describe: 'File with the new passphrase, - for stdin (default: asked)',
    },
    ...NEW_KEY_OPTIONS,
    ...CA_OPTIONS,
  },
  examples: [['ca passphrase', 'Asks for the old one, if there is one, and for the new one twice']],
  load: async () => (await import('../code/ca.ts')).runCaPassphrase,
};

const DRY_RUN_OPTION: OptionSpecs = {
  'dry-run': { type: 'boolean', describe: 'Show what would change, and change nothing' },
};

const rotate: CommandSpec = {
  name: 'rotate',
  summary: 'Change the CA to a new key, without cutting anybody off',
  positionals: [],
  options: {},
  commands: [
    {
      name: 'prepare',
      summary: 'Make a new key that is trusted and does not sign yet: hand out ca.pem after it',
      positionals: [],
      options: { ...LIFETIME_OPTIONS, ...DRY_RUN_OPTION, ...PASSPHRASE_OPTIONS, ...CA_OPTIONS },
      examples: [['ca rotate prepare', 'The first of three stages: nobody loses access by it']],
      load: async () => (await import('../code/others.ts')).runRotatePrepare,
    },
    {
      name: 'switch',
      summary: 'Have the new key sign: once every engine and client has the new ca.pem',
      positionals: [],
      options: { ...DRY_RUN_OPTION, ...PASSPHRASE_OPTIONS, ...CA_OPTIONS },
      examples: [['ca rotate switch', 'From now on, docker-mtls renew issues by the new key']],
      load: async () => (await import('../code/others.ts')).runRotateSwitch,
    },
    {
      name: 'status',
      summary: 'How far a rotation is, and who still has a certificate of the old key',
      positionals: [],
      options: CA_OPTIONS,
      examples: [['ca rotate status', 'Also the commands that come next']],
      load: async () => (await import('../code/others.ts')).runRotateStatus,
    },
    {
      name: 'retire',
      summary: 'Have the old key not be trusted any more, once nobody needs it',
      positionals: [
        {
          name: 'name',
          required: false,
          repeatable: true,
          describe: 'Whose certificates of the old key may be rejected from now on',
        },
      ],
      options: { ...DRY_RUN_OPTION, ...CA_OPTIONS },
      examples: [
        ['ca rotate retire', 'Refused while a certificate of the old key is valid'],
        ['ca rotate retire alice', 'The same, except that certificates of alice may be valid'],
      ],
      load: async () => (await import('../code/others.ts')).runRotateRetire,
    },
  ],
  examples: [['ca rotate status', 'Where it is, and what comes next']],
};

export const ca: CommandSpec = {
  name: 'ca',
  summary: 'Care for the CA itself',
  positionals: [],
  options: {},
  commands: [renew, rotate, passphrase, backup, restore, check, repair, log],
  examples: [
    ['ca renew', 'New dates for the same CA'],
    ['ca log', 'What was issued and revoked, and by whom'],
  ],
};
