import type { CommandSpec, OptionSpecs, PositionalSpec } from '../../command-line/command.ts';
import { JSON_OPTION } from '../../command-line/options.ts';

const LOG: PositionalSpec = {
  name: 'log',
  required: false,
  describe: "Folder of a log, or one file of it (default: the log of this machine's engine)",
};

const FILTER_OPTIONS: OptionSpecs = Object.fromEntries(
  Object.entries<OptionSpecs[string]>({
    since: { type: 'string', describe: 'From then on: 24h, 2026-06-01 or 2026-06-01T12:00:00Z' },
    until: { type: 'string', describe: 'Before then' },
    name: { type: 'string', describe: 'Of the client with this common name' },
    serial: { type: 'string', describe: 'Of the certificate with this serial number' },
    operation: { type: 'string', describe: 'As ContainerExec' },
    object: { type: 'string', describe: 'About this container, image, …, as the request calls it' },
    verdict: { type: 'string', choices: ['allow', 'deny'], describe: 'What was decided' },
    role: { type: 'string', describe: 'Decided by this role' },
    guard: { type: 'string', describe: 'Denied by this guard' },
    id: { type: 'string', describe: 'As a denial shows it: the decision, and how its request ended' },
  }).map(([name, option]) => [name, { ...option, group: 'Records' }]),
);

const tail: CommandSpec = {
  name: 'tail',
  summary: 'The newest records',
  positionals: [LOG],
  options: {
    lines: { type: 'string', alias: 'n', describe: 'How many (default: 10)' },
    follow: {
      type: 'boolean',
      alias: 'f',
      describe: 'And those that are written from now on, until stopped',
    },
    ...FILTER_OPTIONS,
    json: JSON_OPTION,
  },
  examples: [
    ['audit tail', 'What was decided last'],
    ['audit tail -f --verdict deny', 'Denials, as they happen'],
  ],
  load: async () => (await import('../code/policy.ts')).tailLog,
};

const query: CommandSpec = {
  name: 'query',
  summary: 'The records that answer a question: who did what, and when',
  positionals: [LOG],
  options: { ...FILTER_OPTIONS, json: JSON_OPTION },
  examples: [
    ['audit query --name alice --since 7d', 'What alice did this week'],
    ['audit query --operation ContainerExec --verdict allow', 'Who entered containers'],
    ['audit query --id a1b2c3', 'The decision that a denial names'],
  ],
  load: async () => (await import('../code/policy.ts')).queryLog,
};

const verify: CommandSpec = {
  name: 'verify',
  summary: 'Is the log what was written? Exit code 3 when it is not, with the place',
  positionals: [LOG],
  options: {
    from: {
      type: 'string',
      describe:
        'Go on from this checkpoint, SEQUENCE:HASH:COUNT: it has to be in the log, or right before it',
    },
    json: JSON_OPTION,
  },
  examples: [
    ['audit verify', 'Every record since the first one'],
    [
      'audit verify --from CHECKPOINT',
      'From a checkpoint of the journal: also shows that the end was cut off',
    ],
  ],
  load: async () => (await import('../code/policy.ts')).verifyLog,
};

const exportSpec: CommandSpec = {
  name: 'export',
  summary: 'Print the records as a table for other programs',
  positionals: [LOG],
  options: {
    format: { type: 'string', choices: ['csv'], describe: 'csv: RFC 4180, for spreadsheets' },
    ...FILTER_OPTIONS,
  },
  examples: [['audit export --format csv --since 30d > audit.csv', 'A month for a spreadsheet']],
  load: async () => (await import('../code/policy.ts')).exportLog,
};

export const audit: CommandSpec = {
  name: 'audit',
  summary: 'Read, search and verify the log of what was decided on an engine',
  positionals: [],
  options: {},
  commands: [tail, query, verify, exportSpec],
  examples: [
    ['audit tail -f', 'Decisions, as they happen'],
    ['audit query --name alice --verdict deny', 'The requests of alice that were denied'],
    ['audit verify', 'Is the log what was written?'],
  ],
};
