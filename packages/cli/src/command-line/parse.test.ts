import { describe, expect, test } from '@jest/globals';
import { COMMANDS, COMMAND_GROUPS, OTHER_WORDS } from '../commands/index.ts';
import { allCommands, findCommand, commandLineOf } from './command.ts';
import type { CommandPath } from './command.ts';
import { parseCommandLine } from './parse.ts';

/** The words of a good command line, and the command that they are for. */
async function wordsOf(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const parsed = await parseCommandLine(argv);
  if (parsed.kind === 'text') throw new Error(`only text: ${parsed.text}`);
  return { ...parsed.words, command: commandLineOf(parsed.path) };
}

function refusal(...argv: readonly string[]): Promise<{ message: string; hint: string; name: string }> {
  return parseCommandLine(argv).then(
    () => Promise.reject(new Error(`${argv.join(' ')} was accepted`)),
    (error) => error,
  );
}

/** The least that the command takes. */
function needed(path: CommandPath): readonly string[] {
  const { positionals = [] } = path.at(-1) ?? {};
  const required = positionals.filter((each) => each.required);
  return [...path.map(({ name }) => name), ...required.map(({ choices }) => choices?.[0] ?? 'word')];
}

const PATHS = allCommands(COMMANDS).map((path) => [commandLineOf(path), path] as const);
const RUNNABLE = PATHS.flatMap(([line, path]) =>
  path.slice(-1).flatMap((spec) => (spec.load === undefined ? [] : [[line, path, spec] as const])),
);

const COUNTED = RUNNABLE.filter(([, , { positionals }]) => positionals.at(-1)?.repeatable !== true);

test.each(COUNTED)('%s refuses a word too many', async (line, path, spec) => {
  const help = `${line} --help`;
  const words = spec.positionals.map(({ choices }) => choices?.[0] ?? 'word');
  const tail = spec.commands === undefined ? ['more'] : ['--', 'more'];
  expect(await refusal(...path.map(({ name }) => name), ...words, ...tail)).toMatchObject({
    message: 'one word too many: "more"',
    hint: spec.rest === undefined ? help : `put ${spec.rest.name.toUpperCase()} after --; ${help}`,
  });
});

test('a command that takes many names gets all of them, in their order', async () => {
  expect(await wordsOf('renew', 'b', '--keep-key', 'a', '--', '-c')).toMatchObject({
    name: ['b', 'a'],
    '--': ['-c'],
  });
  expect(await refusal('renew', 'a', '')).toMatchObject({ message: 'NAME is empty' });
});

describe.each(RUNNABLE)('%s', (line, path, spec) => {
  const help = `${line} --help`;
  const names = path.map(({ name }) => name);
  const options = Object.entries(spec.options);
  const texts = options.filter(([, { type }]) => type === 'string');
  const flags = options.filter(([, { type }]) => type === 'boolean');

  test('takes each of its options', async () => {
    const given = texts
      .filter(([, { conflicts }]) => conflicts === undefined)
      .map(([option, { choices }]) => [option, choices?.[0] ?? 'value'] as const);
    const argv = given.flatMap(([option, value]) => [`--${option}`, value]);
    const together = flags.filter(([, { conflicts }]) => conflicts === undefined);
    const words = await wordsOf(...needed(path), ...argv, ...together.map(([option]) => `--${option}`));
    expect(words).toMatchObject({
      command: line,
      ...Object.fromEntries(given),
      ...Object.fromEntries(together.map(([option]) => [option, true])),
    });
  });

  test('refuses an option that there is not', async () => {
    expect(await refusal(...needed(path), '--frob-no-such-thing')).toMatchObject({
      name: 'UsageError',
      message: 'there is no option --frob-no-such-thing here',
      hint: help,
    });
  });

  test('refuses options without their values', async () => {
    for (const [option] of texts) {
      expect(await refusal(...needed(path), `--${option}`)).toMatchObject({
        message: `--${option} needs a value`,
        hint: help,
      });
    }
    expect.assertions(texts.length);
  });

  test('refuses values of options that take none, and does not repeat them', async () => {
    for (const [option] of flags) {
      const { message } = await refusal(...needed(path), `--${option}=secret`);
      expect(message).toBe(`--${option} takes no value`);
    }
    expect.assertions(flags.length);
  });

  test('refuses what is not among the choices', async () => {
    const choosy = texts.filter(([, { choices }]) => choices !== undefined);
    for (const [option, { choices = [] }] of choosy) {
      const { message } = await refusal(...needed(path), `--${option}`, '../x');
      const said = choices.map((choice) => `"${choice}"`).join(', ');
      expect(message).toBe(`--${option} cannot be "../x": the choices are ${said}`);
    }
    expect.assertions(choosy.length);
  });

  test('refuses options that are given twice, unless they can be repeated', async () => {
    for (const [option, { type, repeatable, choices }] of options) {
      const once = type === 'boolean' ? [`--${option}`] : [`--${option}`, choices?.[0] ?? 'value'];
      const answer = await refusal(...needed(path), ...once, ...once).catch(() => ({ message: undefined }));
      expect(answer.message).toBe(repeatable === true ? undefined : `--${option} was given 2 times`);
    }
    expect.assertions(options.length);
  });

  test('asks for the words that it needs', async () => {
    const [first] = spec.positionals.filter(({ required }) => required);
    const answer = await refusal(...names).catch(() => ({ message: undefined }));
    expect(answer.message).toBe(first && `${first.name.toUpperCase()} is missing`);
  });

  test('can do what its examples do', async () => {
    for (const [example] of spec.examples) {
      const [words = ''] = example.split(/ [>|] /);
      const argv = [...words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
      expect(await wordsOf(...argv)).toMatchObject({ command: expect.stringContaining(line) });
    }
    expect.hasAssertions();
  });
});

async function helpOf(...argv: readonly string[]): Promise<string> {
  const parsed = await parseCommandLine(argv);
  return parsed.kind === 'text' ? parsed.text : '';
}

describe.each(PATHS)('the help of %s', (line, path) => {
  const names = path.map(({ name }) => name);
  test('says what it does, its options, the commands below it, and an example', async () => {
    const text = await helpOf(...names, '--help');
    for (const { summary, options, commands = [], examples } of path.slice(-1)) {
      expect(text).toContain(summary);
      for (const option of Object.keys(options)) expect(text).toContain(`--${option}`);
      for (const { name } of commands) expect(text).toContain(`  ${line} ${name}`);
      for (const [example] of examples) expect(text).toContain(`  docker-mtls ${example}\n`);
      expect(examples.length).toBeGreaterThan(0);
    }
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  test('is asked for in three ways', async () => {
    const text = await helpOf(...names, '--help');
    expect([await helpOf(...names, '-h'), await helpOf('help', ...names)]).toEqual([text, text]);
  });
});

describe('words', () => {
  test('are text, never numbers', async () => {
    const words = await wordsOf('issue-client', '1e3', '--days', '0x10', '--group', '007');
    expect(words).toMatchObject({ name: '1e3', days: '0x10', group: '007' });
  });

  test.each([
    { argv: ['issue-client', '--', '-rf'], words: { name: '-rf' } },
    { argv: ['issue-client', '--force', 'bob'], words: { name: 'bob', force: true } },
    { argv: ['issue-client', 'bob', '--group', 'a', '--group', 'b'], words: { group: ['a', 'b'] } },
    { argv: ['issue-server', '--san', '10.0.0.5', 'node1'], words: { name: 'node1', san: '10.0.0.5' } },
    { argv: ['issue-client', 'bob', '--days', '-1'], words: { days: '-1' } },
    { argv: ['issue-client', 'bob', '--days=-1'], words: { days: '-1' } },
    { argv: ['init-ca', '--name', 'a=b --c'], words: { name: 'a=b --c' } },
    { argv: ['init-ca', '--no-passphrase'], words: { passphrase: false } },
    { argv: ['init-ca', '--passphrase', '--json'], words: { passphrase: true, json: true } },
    { argv: ['bundle', 'alice', '-o', '-'], words: { output: '-' } },
    { argv: ['bundle', 'alice', '-o=a.tar.gz'], words: { output: 'a.tar.gz' } },
    { argv: ['bundle', 'alice', '--output=-'], words: { output: '-' } },
    { argv: ['daemon-config'], words: { command: 'docker-mtls daemon-config' } },
    { argv: ['daemon-config', 'undo'], words: { command: 'docker-mtls daemon-config undo' } },
    {
      argv: ['daemon-config', '--force', 'undo'],
      words: { command: 'docker-mtls daemon-config undo', force: true },
    },
    { argv: ['issue-client', '--force', 'true'], words: { name: 'true', force: true } },
    { argv: ['issue-client', 'false', '--force'], words: { name: 'false', force: true } },
    { argv: ['issue-client', 'help'], words: { name: 'help' } },
    { argv: ['issue-client', '--', 'help'], words: { name: 'help' } },
    { argv: ['issue-client', '--', '--force'], words: { name: '--force' } },
    { argv: ['issue-client', '--force', '--', '--'], words: { name: '--', force: true } },
    { argv: ['issue-client', 'a.b', '--group', 'x.y=z'], words: { name: 'a.b', group: 'x.y=z' } },
    { argv: ['issue-client', 'constructor'], words: { name: 'constructor' } },
    { argv: ['issue-client', '"quoted"', '--group', "'a'"], words: { name: '"quoted"', group: "'a'" } },
    { argv: ['init-ca', '--name', 'one\ntwo = three'], words: { name: 'one\ntwo = three' } },
    { argv: ['init-ca', '--name=--json'], words: { name: '--json' } },
    {
      argv: ['exec', 'alice', '--', 'docker', '--force', '-1', ''],
      words: { '--': ['docker', '--force', '-1', ''] },
    },
    { argv: ['exec', 'alice', '--', '--', '-h'], words: { '--': ['--', '-h'] } },
    { argv: ['issue-client', '-'], words: { name: '-' } },
  ])('of $argv', async ({ argv, words }) => {
    expect(await wordsOf(...argv)).toMatchObject(words);
  });
});

describe('refuses', () => {
  test.each([
    { argv: ['--frob'], message: 'a command is missing' },
    { argv: ['frob'], message: 'there is no command "frob"' },
    { argv: ['__proto__'], message: 'there is no command "__proto__"' },
    { argv: ['constructor'], message: 'there is no command "constructor"' },
    { argv: ['x'.repeat(100)], message: `there is no command "${'x'.repeat(80)}…"` },
    { argv: ['--json', 'list'], message: 'the command comes first: docker-mtls list [OPTIONS]' },
    { argv: ['--ca-dir', 'x', 'list'], message: 'the command comes first: docker-mtls list [OPTIONS]' },
    { argv: ['--ca-dir=x', 'list'], message: 'the command comes first: docker-mtls list [OPTIONS]' },
    { argv: ['--ca-dir', 'x'], message: 'a command is missing' },
    { argv: ['frob', 'list'], message: 'there is no command "frob"' },
    { argv: ['context'], message: 'a command is missing' },
    { argv: ['context', '--json'], message: 'a command is missing' },
    { argv: ['context', 'frob'], message: 'there is no command "context frob"' },
    { argv: ['context', 'list', 'more'], message: 'one word too many: "more"' },
    { argv: ['context', 'create', 'one', '--force'], message: 'there is no option --force here' },
    { argv: ['context', 'remove', 'one', '--ca-dir', 'x'], message: 'there is no option --ca-dir here' },
    { argv: ['daemon-config', 'redo'], message: 'there is no command "daemon-config redo"' },
    { argv: ['daemon-config', 'undo', '--server', 'node1'], message: 'there is no option --server here' },
    { argv: ['daemon-config', 'undo', '--listen', '0.0.0.0:1'], message: 'there is no option --listen here' },
    { argv: ['daemon-config', '--server', 'node1', 'undo'], message: 'there is no option --server here' },
    { argv: ['help', 'frob'], message: 'there is no command "frob"' },
    { argv: ['help', 'context', 'frob'], message: 'there is no command "context frob"' },
    {
      argv: ['init-ca', '--passphrase', '--no-passphrase'],
      message: '--no-passphrase and --passphrase exclude each other',
    },
    { argv: ['issue-client', 'bob', '--name', 'alice'], message: 'there is no option --name here' },
    { argv: ['issue-client', 'bob', '--caDir', 'x'], message: 'there is no option --caDir here' },
    { argv: ['issue-client', 'bob', '--no-force'], message: 'there is no option --no-force here' },
    { argv: ['issue-client', 'bob', '--force=true'], message: '--force takes no value' },
    { argv: ['bundle', 'alice', '-o'], message: '-o needs a value' },
    { argv: ['bundle', 'alice', '-o', 'a', '--output', 'b'], message: '--output was given 2 times' },
    { argv: ['issue-client', '-rf'], message: 'there is no option -rf here' },
    { argv: ['list', '--__proto__', 'x'], message: 'there is no option --__proto__ here' },
    { argv: ['list', '--__proto__.all=1'], message: 'there is no option --__proto__.all here' },
    { argv: ['list', '--constructor'], message: 'there is no option --constructor here' },
    { argv: ['list', '--no-all-'], message: 'there is no option --no-all- here' },
    { argv: ['init-ca', '--no-name'], message: 'there is no option --no-name here' },
    { argv: ['list', `--${'x'.repeat(100)}`], message: `there is no option --${'x'.repeat(78)} here` },
    { argv: ['init-ca', '--pass=secret'], message: 'there is no option --pass here' },
    {
      argv: ['init-ca', '--passphrase', 'secret'],
      message: '--passphrase takes no value: it asks on the terminal',
    },
    {
      argv: ['secure', '--passphrase', 'secret', '--client', 'alice'],
      message: '--passphrase takes no value: it asks on the terminal',
    },
    { argv: ['bundle', 'alice', '-oa.tar.gz'], message: '-o and its value are two words' },
    { argv: ['issue-client', '-1'], message: 'there is no option -1 here' },
    { argv: ['issue-client', 'bob', '--days', '-1', '-2'], message: 'there is no option -2 here' },
    { argv: ['issue-client', '--force', '-1'], message: 'there is no option -1 here' },
    { argv: ['list', '--='], message: 'there is no option -- here' },
    { argv: ['list', '--=secret'], message: 'there is no option -- here' },
    { argv: ['list', '--no-help'], message: 'there is no option --no-help here' },
    { argv: ['list', '--help=secret'], message: '--help takes no value' },
    { argv: ['list', '-h='], message: '-h takes no value' },
    { argv: ['list', '-h=secret'], message: '-h takes no value' },
    { argv: ['issue-client', ''], message: 'NAME is empty' },
    { argv: ['completion', 'csh'], message: 'SHELL is bash or zsh or fish, not "csh"' },
    { argv: ['issue-client', 'bob', '--ttl', '--force'], message: '--ttl needs a value' },
  ])('$argv', async ({ argv, message }) => {
    expect(await refusal(...argv)).toMatchObject({ name: 'UsageError', message });
  });
});

describe('what was meant', () => {
  test.each([
    { argv: ['isue-client', 'bob'], meant: 'docker-mtls issue-client' },
    { argv: ['ls'], meant: 'docker-mtls list' },
    { argv: ['rm', 'node1'], meant: 'docker-mtls context remove' },
    { argv: ['undo'], meant: 'docker-mtls daemon-config undo' },
    { argv: ['init'], meant: 'docker-mtls init-ca' },
    { argv: ['logs'], meant: 'docker-mtls ca log' },
    { argv: ['inspect', 'alice'], meant: 'docker-mtls show' },
    { argv: ['context', 'creat', 'one'], meant: 'docker-mtls context create' },
    { argv: ['issue-client', 'bob', '--grup', 'a'], meant: '--group' },
    { argv: ['bundle', 'bob', '--outpt', 'a'], meant: '--output' },
    { argv: ['daemon-config', '--undo'], meant: 'docker-mtls daemon-config undo' },
  ])('is named where it is near: $argv', async ({ argv, meant }) => {
    const { hint } = await refusal(...argv);
    expect(hint).toContain(`perhaps ${meant}`);
    expect(hint).toContain('--help');
  });

  test('is not guessed where nothing is near', async () => {
    const { hint } = await refusal('no-such-command');
    expect(hint).toBe('docker-mtls --help shows all commands');
  });

  test.each(Object.entries(OTHER_WORDS))('%s leads to a command that exists: %s', async (word, line) => {
    expect(COMMANDS.map(({ name }) => name)).not.toContain(word);
    const [command = ''] = line.split(/[:] | -/);
    const names = command.split(' ');
    expect(findCommand(COMMANDS, names)).toHaveLength(names.length);
  });
});

describe('text', () => {
  test.each([[''], ['--help'], ['-h'], ['help'], ['frob --help'], ['--constructor --help']])(
    'for "%s": all commands in groups',
    async (line) => {
      const parsed = await parseCommandLine(line.split(' ').filter((word) => word !== ''));
      const text = parsed.kind === 'text' ? parsed.text : '';
      for (const { title } of COMMAND_GROUPS) expect(text).toContain(`\n${title}:\n`);
      for (const { name, summary } of COMMANDS)
        expect(text).toMatch(new RegExp(`^  ${name} +${summary.replaceAll('.', '\\.')}$`, 'm'));
    },
  );

  test.each(['--version', '-V'])('for %s: the version alone', async (word) => {
    expect(await parseCommandLine([word])).toEqual({ kind: 'text', text: '0.0.0-dev\n' });
  });
});
