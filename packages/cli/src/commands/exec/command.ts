import type { CommandSpec } from '../../command-line/command.ts';
import { CA_DIR_OPTION } from '../../command-line/options.ts';
import { run } from './run.ts';

export const exec: CommandSpec = {
  name: 'exec',
  summary: 'Run one command as a client of an engine, and leave nothing behind',
  positionals: [
    {
      name: 'name',
      required: true,
      describe: 'Client of the CA here, context, or folder of a bundle, as ./alice',
    },
  ],
  options: {
    for: {
      type: 'string',
      describe: 'The engine, as node1.example.com or 10.0.0.5:2377 (default: that of the context or bundle)',
    },
    'ca-dir': CA_DIR_OPTION,
  },
  rest: { name: 'command', describe: 'The program and its words; its exit code is handed on' },
  examples: [
    ['exec alice --for node1 -- docker version', 'One command on node1'],
    [
      'exec ci --for node1 -- docker compose up --detach',
      'Compose, or any other program that reads the variables of docker',
    ],
  ],
  // Not loaded late: it is little, and shares its code with `env`.
  load: () => Promise.resolve(run),
};
