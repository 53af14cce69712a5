import type { CommandSpec } from '../../command-line/command.ts';
import { CA_OPTIONS } from '../../command-line/options.ts';
import { run } from './run.ts';

export const env: CommandSpec = {
  name: 'env',
  summary: 'Print what a shell evaluates to use an engine as a client',
  positionals: [
    {
      name: 'name',
      required: false,
      describe: 'Client of the CA here, context, or folder of a bundle (not with --unset)',
    },
  ],
  options: {
    for: {
      type: 'string',
      describe: 'The engine, as node1.example.com or 10.0.0.5:2377 (default: that of the context or bundle)',
    },
    shell: {
      type: 'string',
      choices: ['bash', 'zsh', 'sh', 'fish', 'powershell', 'cmd'],
      describe: 'Kind of shell (default: the one of this terminal)',
    },
    unset: { type: 'boolean', describe: 'Print what makes the shell forget it again' },
    ...CA_OPTIONS,
  },
  examples: [
    ['env alice --for node1', 'bash, zsh, sh: eval "$(docker-mtls env alice --for node1)"'],
    ['env alice --for node1 --shell fish | source', 'fish'],
    ['env --unset', 'And back: eval "$(docker-mtls env --unset)"'],
  ],
  // Not loaded late: it is little, and runs in every new shell.
  load: () => Promise.resolve(run),
};
