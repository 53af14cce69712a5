import type { CommandSpec, PositionalSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, JSON_OPTION } from '../../command-line/options.ts';

const NAME: PositionalSpec = { name: 'context', required: true, describe: 'Name of the context' };

const WHAT_IT_USES: CommandSpec['options'] = {
  client: {
    type: 'string',
    describe: 'Client whose certificate it uses: of the CA directory, or the ./FOLDER of an unpacked bundle',
  },
  for: { type: 'string', describe: 'Engine, as node1.example.com, 10.0.0.5:2377 or ssh://user@host' },
  description: { type: 'string', describe: 'What docker context ls shows beside it' },
};

const create: CommandSpec = {
  name: 'create',
  summary: 'Make a Docker context',
  positionals: [NAME],
  options: { ...WHAT_IT_USES, ...CA_OPTIONS },
  examples: [
    ['context create node1 --client alice --for node1.example.com', 'What docker --context node1 uses'],
    ['context create node2 --for ssh://alice@node2', 'Over SSH, without certificates'],
  ],
  load: async () => (await import('../code/others.ts')).createAction,
};

const update: CommandSpec = {
  name: 'update',
  summary: 'Give contexts the newest certificate of their client, or change one',
  positionals: [{ ...NAME, required: false, describe: 'Name of the context (default: all of this CA)' }],
  options: {
    ...WHAT_IT_USES,
    force: { type: 'boolean', describe: 'Also to the files of another CA' },
    ...CA_OPTIONS,
  },
  examples: [
    ['context update', 'After a renewal: every context gets the new certificate of its client'],
    ['context update node1 --for node1.example.com:2377', 'The same context for another address'],
  ],
  load: async () => (await import('../code/others.ts')).updateAction,
};

const list: CommandSpec = {
  name: 'list',
  summary: 'List the contexts, and how long their certificates are valid',
  positionals: [],
  options: { json: JSON_OPTION },
  examples: [['context list', 'All contexts of this user']],
  load: async () => (await import('../code/others.ts')).listContextsAction,
};

const check: CommandSpec = {
  name: 'check',
  summary: 'Say why a context would not work; exit code 3 when something is wrong',
  positionals: [{ ...NAME, required: false, describe: 'Name of the context (default: the one in use)' }],
  options: {
    within: {
      type: 'string',
      describe:
        'Warn when the certificate ends within this time, as 12h or 7d (default: in the last third of its life)',
    },
    ...CA_OPTIONS,
  },
  examples: [['context check node1', 'What is wrong with it, and what to do']],
  load: async () => (await import('../code/others.ts')).checkContextAction,
};

const use: CommandSpec = {
  name: 'use',
  summary: 'Make a context the one that docker uses',
  positionals: [NAME],
  options: { json: JSON_OPTION },
  examples: [['context use node1', 'All terminals use it from now on']],
  beside: [['export DOCKER_CONTEXT=node1', 'This terminal alone uses it; it wins over context use']],
  load: async () => (await import('../code/others.ts')).useAction,
};

const remove: CommandSpec = {
  name: 'remove',
  summary: 'Remove a context with its certificate and key',
  positionals: [NAME],
  options: { force: { type: 'boolean', describe: 'Also remove the context in use' }, json: JSON_OPTION },
  examples: [['context remove node1', 'The client itself stays in the CA directory']],
  load: async () => (await import('../code/others.ts')).removeContextAction,
};

export const context: CommandSpec = {
  name: 'context',
  summary: 'Make, refresh and check Docker contexts',
  positionals: [],
  options: {},
  commands: [create, update, list, check, use, remove],
  examples: [
    ['context create node1 --client alice --for node1.example.com', 'What docker --context node1 uses'],
    ['context use node1', 'All terminals use it from now on'],
    ['context check node1', 'What is wrong with it, and what to do'],
  ],
};
