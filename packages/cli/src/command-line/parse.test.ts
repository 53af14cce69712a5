import { describe, expect, test } from '@jest/globals';
import { COMMANDS } from '../commands/index.ts';
import type { CommandSpec } from './command.ts';
import { parseCommandLine } from './parse.ts';

/** The words of a good command line, without yargs' own. */
async function wordsOf(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const parsed = await parseCommandLine(argv);
  if (parsed.kind === 'text') throw new Error(`only text: ${parsed.text}`);
  const { _: _words, $0: _program, ...words } = parsed.words;
  return { ...words, command: parsed.spec.name };
}

function refusal(...argv: readonly string[]): Promise<{ message: string; hint: string; name: string }> {
  return parseCommandLine(argv).then(
    () => Promise.reject(new Error(`${argv.join(' ')} was accepted`)),
    (error) => error,
  );
}

/** The least that the command takes. */
function needed({ positionals }: CommandSpec): readonly string[] {
  return positionals.filter(({ required }) => required).map(({ choices }) => choices?.[0] ?? 'word');
}

const commands = COMMANDS.map((spec) => [spec.name, spec] as const);

describe.each(commands)('%s', (name, spec) => {
  const help = `docker-mtls ${name} --help`;
  const options = Object.entries(spec.options);
  const texts = options.filter(([, { type }]) => type === 'string');
  const flags = options.filter(([, { type }]) => type === 'boolean');

  test('takes each of its options', async () => {
    const given = texts.map(([option, { choices }]) => [option, choices?.[0] ?? 'value'] as const);
    const argv = given.flatMap(([option, value]) => [`--${option}`, value]);
    const words = await wordsOf(name, ...needed(spec), ...argv, ...flags.map(([option]) => `--${option}`));
    expect(words).toMatchObject({
      command: name,
      ...Object.fromEntries(given),
      ...Object.fromEntries(flags.map(([option]) => [option, true])),
    });
  });

  test('refuses an option that there is not', async () => {
    expect(await refusal(name, ...needed(spec), '--frob')).toMatchObject({
      name: 'UsageError',
      message: 'there is no option --frob here',
      hint: help,
    });
  });

  test('refuses a word too many', async () => {
    const words = spec.positionals.map(({ choices }) => choices?.[0] ?? 'word');
    expect(await refusal(name, ...words, 'more')).toMatchObject({
      message: 'one word too many: "more"',
      hint: spec.rest === undefined ? help : `put ${spec.rest.name.toUpperCase()} behind --; ${help}`,
    });
  });

  test('refuses options without their values', async () => {
    for (const [option] of texts) {
      expect(await refusal(name, ...needed(spec), `--${option}`)).toMatchObject({
        message: `--${option} needs a value`,
        hint: help,
      });
    }
    expect.assertions(texts.length);
  });

  test('refuses values of options that take none, and does not repeat them', async () => {
    for (const [option] of flags) {
      const { message } = await refusal(name, ...needed(spec), `--${option}=secret`);
      expect(message).toBe(`--${option} takes no value`);
    }
    expect.assertions(flags.length);
  });

  test('refuses what is not among the choices', async () => {
    const choosy = texts.filter(([, { choices }]) => choices !== undefined);
    for (const [option, { choices = [] }] of choosy) {
      const { message } = await refusal(name, ...needed(spec), `--${option}`, '../x');
      expect(message).toContain(`--${option} cannot be "../x": the choices are "${choices[0]}"`);
    }
    expect.assertions(choosy.length);
  });

  test('asks for the words that it needs', async () => {
    const [first] = spec.positionals.filter(({ required }) => required);
    const answer = await refusal(name).catch(() => ({ message: undefined }));
    expect(answer.message).toBe(first && `${first.name.toUpperCase()} is missing`);
  });

  test('explains itself, with an example', async () => {
    const parsed = await parseCommandLine([name, '--help']);
    const text = parsed.kind === 'text' ? parsed.text : '';
    expect(text).toContain(spec.summary);
    for (const [option] of options) expect(text).toContain(`--${option}`);
    for (const [example] of spec.examples) expect(text).toContain(`  docker-mtls ${example}\n`);
    expect(spec.examples.length).toBeGreaterThan(0);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(await parseCommandLine([name, '-h'])).toEqual(parsed);
  });

  test('can do what its examples do', async () => {
    for (const [example] of spec.examples) {
      const [line = ''] = example.split(/ [>|] /);
      const argv = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
      expect(await wordsOf(...argv)).toMatchObject({ command: name });
    }
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
    { argv: ['daemon-config'], words: { action: undefined } },
    { argv: ['daemon-config', 'undo'], words: { action: 'undo' } },
  ])('of $argv', async ({ argv, words }) => {
    expect(await wordsOf(...argv)).toMatchObject(words);
  });
});

describe('refuses', () => {
  test.each([
    { argv: [], message: 'a command is missing' },
    { argv: ['--frob'], message: 'a command is missing' },
    { argv: ['frob'], message: 'there is no command "frob"' },
    { argv: ['__proto__'], message: 'there is no command "__proto__"' },
    { argv: ['x'.repeat(100)], message: `there is no command "${'x'.repeat(80)}…"` },
    { argv: ['--json', 'list'], message: 'the command comes first: docker-mtls list [OPTIONS]' },
    { argv: ['--ca-dir', 'x', 'list'], message: 'the command comes first: docker-mtls list [OPTIONS]' },
    { argv: ['--ca-dir', 'x'], message: 'a command is missing' },
    { argv: ['frob', 'list'], message: 'there is no command "frob"' },
    { argv: ['issue-client', '-rf'], message: 'there is no option -r here' },
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
    { argv: ['bundle', 'alice', '-oa.tar.gz'], message: '-o and what follows it are two words' },
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
    { argv: ['daemon-config', 'redo'], message: 'ACTION is undo, not "redo"' },
    { argv: ['completion', 'csh'], message: 'SHELL is bash or zsh or fish, not "csh"' },
    { argv: ['issue-client', 'bob', '--ttl', '--force'], message: '--ttl needs a value' },
  ])('$argv', async ({ argv, message }) => {
    expect(await refusal(...argv)).toMatchObject({ name: 'UsageError', message });
  });
});

describe('what was meant', () => {
  test.each([
    {
      argv: ['isue-client', 'bob'],
      hint: 'perhaps docker-mtls issue-client; docker-mtls --help shows all commands',
    },
    {
      argv: ['issue-client', 'bob', '--grup', 'a'],
      hint: 'perhaps --group; docker-mtls issue-client --help',
    },
    { argv: ['bundle', 'bob', '--out', 'a'], hint: 'perhaps --output; docker-mtls bundle --help' },
    { argv: ['frob'], hint: expect.stringMatching(/^docker-mtls --help; the commands are secure, /) },
  ])('is told where it is near: $argv', async ({ argv, hint }) => {
    expect(await refusal(...argv)).toMatchObject({ hint });
  });
});

describe('text', () => {
  test.each([['--help'], ['-h'], ['frob --help'], ['--constructor --help']])(
    'for %s: all commands',
    async (line) => {
      const parsed = await parseCommandLine(line.split(' '));
      const text = parsed.kind === 'text' ? parsed.text : '';
      for (const { name } of COMMANDS) expect(text).toContain(`docker-mtls ${name}`);
    },
  );

  test('for --version: the version alone', async () => {
    expect(await parseCommandLine(['--version'])).toEqual({ kind: 'text', text: '0.0.0-dev\n' });
  });
});
