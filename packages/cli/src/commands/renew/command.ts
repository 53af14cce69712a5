import type { CommandSpec } from '../../command-line/command.ts';
import {
  CA_OPTIONS,
  CONFIG_OPTION,
  grouped,
  IN_SPITE,
  LIVE_RESTORE_OPTION,
  PASSPHRASE_OPTIONS,
  SWARM_LOCK_OPTION,
} from '../../command-line/options.ts';

/** How the engine of this machine gets its pair. */
const ENGINE_OPTIONS: CommandSpec['options'] = grouped('Engine', {
  apply: {
    type: 'boolean',
    describe: 'Restart the engine of this machine with its new pair and prove it, or put the old pair back',
  },
  window: {
    type: 'string',
    describe: 'With --apply: renew the pair of the engine at these hours only, as 02:00-04:00 local time',
  },
  'live-restore': LIVE_RESTORE_OPTION,
  'allow-stop': {
    type: 'boolean',
    describe: 'With --apply: restart the engine though containers stop, or are deleted',
  },
  'allow-quorum-loss': { type: 'boolean', describe: `With --apply: restart the engine ${IN_SPITE}` },
  'allow-swarm-lock': SWARM_LOCK_OPTION,
});

export const renewCommand: CommandSpec = {
  name: 'renew',
  summary: 'Renew pairs: the same names, groups and lifetime',
  positionals: [
    { name: 'name', required: false, repeatable: true, describe: 'Names of servers and clients' },
  ],
  options: {
    due: { type: 'boolean', describe: 'All that have expired, or have less than a third of their life left' },
    all: { type: 'boolean', describe: 'All that are in use', conflicts: 'due' },
    timer: {
      type: 'boolean',
      describe: 'What the timer runs: --due for servers and the clients used on this machine, and crl.pem',
    },
    kind: { type: 'string', choices: ['server', 'client'], describe: 'Only this kind' },
    'keep-key': { type: 'boolean', describe: 'New certificates for the keys that are there' },
    csr: {
      type: 'string',
      describe: 'With one NAME: sign this certificate request; only its key is taken',
    },
    'install-timer': {
      type: 'boolean',
      group: 'Timer',
      describe: 'As root: have systemd renew what is due, as the owner of the CA directory',
    },
    'print-timer': { type: 'boolean', group: 'Timer', describe: 'Print these units, or a line for cron' },
    'remove-timer': { type: 'boolean', group: 'Timer', describe: 'As root: remove them' },
    ...ENGINE_OPTIONS,
    config: CONFIG_OPTION,
    'dry-run': { type: 'boolean', describe: 'Show what would be renewed, and change nothing' },
    ...PASSPHRASE_OPTIONS,
    ...CA_OPTIONS,
  },
  rest: { name: 'HOOK', describe: 'A program to run for each renewed pair, with its arguments' },
  examples: [
    ['renew --due', 'What it is time for; nothing else is touched'],
    ['renew alice bob', 'Two clients, each with a new key'],
    ['renew --all --kind client --dry-run', 'What that would renew, and what it could not'],
    ['renew --due --apply --window 02:00-04:00', 'The engine serves with its new pair, after two at night'],
    ['renew --install-timer --apply', 'Once an hour, as long as the machine runs'],
    ['renew --due -- systemctl reload nginx', 'Then nginx reads its new certificate'],
  ],
  load: async () => (await import('../code/others.ts')).renew,
};
