import type { CommandSpec } from '../../command-line/command.ts';
import { JSON_OPTION } from '../../command-line/options.ts';

export const completion: CommandSpec = {
  name: 'completion',
  summary: 'Print a completion script for your shell',
  positionals: [{ name: 'shell', required: true, choices: ['bash', 'zsh', 'fish'], describe: 'Your shell' }],
  options: { json: JSON_OPTION },
  examples: [['completion bash > /etc/bash_completion.d/docker-mtls', 'For every user of this machine']],
  load: async () => (await import('../code/others.ts')).completion,
};
