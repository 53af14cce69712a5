import type { CommandSpec } from '../../command-line/command.ts';
import { JSON_OPTION } from '../../command-line/options.ts';

const check: CommandSpec = {
  name: 'check',
  summary: 'Try it step by step; exit code 3 when it does not work, with what to do',
  positionals: [
    {
      name: 'host',
      required: true,
      describe: 'As user@host, an alias of ~/.ssh/config, or ssh://user@host:2222',
    },
  ],
  options: {
    context: { type: 'string', describe: 'When it works, also make a Docker context of this name' },
    json: JSON_OPTION,
  },
  examples: [
    ['ssh check alice@node1.example.com', 'Will docker -H ssh://alice@node1.example.com work from here?'],
    ['ssh check alice@node1.example.com --context node1', 'And if so: what docker --context node1 uses'],
  ],
  beside: [['docker -H ssh://alice@node1.example.com container ls', 'The command that this is for']],
  load: async () => (await import('../code/others.ts')).ssh,
};

export const ssh: CommandSpec = {
  name: 'ssh',
  summary: 'Tell whether docker reaches an engine over SSH, and why not',
  positionals: [],
  options: {},
  commands: [check],
  examples: [['ssh check alice@node1.example.com', 'Will docker -H ssh://alice@node1.example.com work?']],
};
