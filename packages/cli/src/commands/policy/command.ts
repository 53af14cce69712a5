import type { CommandSpec, OptionSpec, PositionalSpec } from '../../command-line/command.ts';
import { CA_OPTIONS, JSON_OPTION } from '../../command-line/options.ts';

const POLICY_OPTION: OptionSpec = {
  type: 'string',
  describe: "The policy (default: that of this machine's engine)",
};

const FILE: PositionalSpec = {
  name: 'file',
  required: false,
  describe: "The policy (default: that of this machine's engine)",
};

const check: CommandSpec = {
  name: 'check',
  summary: 'Is a policy valid, and what does it rely on? Exit code 3 when it is not',
  positionals: [FILE],
  options: CA_OPTIONS,
  examples: [['policy check policy.yaml', 'Mistakes with line and column, and what no plugin can see']],
  load: async () => (await import('../code/policy.ts')).checkPolicy,
};

const explain: CommandSpec = {
  name: 'explain',
  summary: 'Why a request is allowed or denied: the rule that decides',
  positionals: [
    {
      name: 'client',
      required: true,
      describe: 'Name of a client, ./FILE with its certificate, or local for the unix socket',
    },
    { name: 'method', required: true, describe: 'As GET or POST' },
    {
      name: 'path',
      required: true,
      describe: 'As the API has it, with the query: /containers/create?name=web',
    },
    { name: 'body', required: false, describe: 'File with the body, as JSON' },
  ],
  options: { policy: POLICY_OPTION, ...CA_OPTIONS },
  examples: [
    [
      'policy explain alice POST /containers/create body.json',
      'The role, the rule and the guard that decide',
    ],
    ['policy explain ./cert.pem GET /info --policy policy.yaml', 'With all names of a certificate'],
  ],
  load: async () => (await import('../code/policy.ts')).explainRequest,
};

const whoCan: CommandSpec = {
  name: 'who-can',
  summary: 'Who may use an operation of the API, or any of a group',
  positionals: [{ name: 'operation', required: true, describe: 'As ContainerExec, or a group as @exfil' }],
  options: {
    guard: { type: 'string', describe: 'Only those who may use it in the way that this guard refuses' },
    policy: POLICY_OPTION,
    ...CA_OPTIONS,
  },
  examples: [
    ['policy who-can ContainerExec', 'Every binding that allows it'],
    ['policy who-can @exfil', 'Every binding that allows one of these operations, and which'],
    ['policy who-can ContainerCreate --guard privileged', 'Who may run privileged containers'],
  ],
  load: async () => (await import('../code/others.ts')).whoCanUse,
};

const test: CommandSpec = {
  name: 'test',
  summary: 'Decide requests, and compare with what is expected; exit code 3 when one differs',
  positionals: [
    { name: 'cases', required: true, describe: 'Requests with their verdicts, as docs/policy.md shows' },
  ],
  options: {
    policy: {
      type: 'string',
      describe: "The policy (default: policy.yaml beside the cases, else that of this machine's engine)",
    },
    json: JSON_OPTION,
  },
  examples: [
    ['policy test cases.yaml --policy policy.yaml', 'In the pipeline of the repository that holds both'],
  ],
  load: async () => (await import('../code/policy.ts')).testPolicy,
};

const diff: CommandSpec = {
  name: 'diff',
  summary: 'All that one policy allows and another does not; exit code 3 when access widens',
  positionals: [
    { name: 'old', required: true, describe: 'The policy before' },
    { name: 'new', required: true, describe: 'The policy after' },
  ],
  options: { json: JSON_OPTION },
  examples: [['policy diff old.yaml new.yaml', 'Every role, action and guard that is new']],
  load: async () => (await import('../code/policy.ts')).diffPolicies,
};

const preset: CommandSpec = {
  name: 'preset',
  summary: 'Print a policy to begin with',
  positionals: [
    {
      name: 'preset',
      required: true,
      choices: ['ci', 'compose', 'monitoring'],
      describe: 'Kind of clients',
    },
  ],
  options: { json: JSON_OPTION },
  examples: [['policy preset ci > policy.yaml', 'Pipelines that build, push and deploy']],
  load: async () => (await import('../code/policy.ts')).printPreset,
};

export const policy: CommandSpec = {
  name: 'policy',
  summary: 'Check, explain, test and compare policies: who may do what on an engine',
  positionals: [],
  options: {},
  commands: [check, explain, whoCan, test, diff, preset],
  examples: [
    ['policy preset ci > policy.yaml', 'A policy to begin with'],
    ['policy check policy.yaml', 'Is it valid, and what does it rely on?'],
    ['policy explain alice POST /containers/create body.json', 'Which rule decides?'],
  ],
};
