import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../../../test/support/describe-needing.ts';
import { output } from '../../../../../test/support/run.ts';
import { temporaryFolder } from '../../../../../test/support/temp.ts';
import { args } from '../../../testing/fake-io.ts';
import { allCommands } from '../../command-line/command.ts';
import { COMMANDS } from '../index.ts';
import { run } from './run.ts';

const NAMES = COMMANDS.map(({ name }) => name);
const SPECS = allCommands(COMMANDS).flatMap((names) => names.slice(-1));

let folder: string;

beforeAll(() => {
  folder = temporaryFolder();
});

async function scriptOf(name: string): Promise<string> {
  const { text } = await run(args({ shell: name }));
  const file = path.join(folder, `docker-mtls.${name}`);
  fs.writeFileSync(file, text);
  return file;
}

/** Runs a shell with nothing of its owner's. */
function shell(program: string, ...argv: readonly string[]): Promise<string> {
  return output(program, argv, { cwd: folder, env: { HOME: folder, TERM: 'dumb', LC_ALL: 'C.UTF-8' } });
}

describe.each(['bash', 'zsh', 'fish'])('the script for %s', (name) => {
  test('knows every command and option, and is the same in JSON', async () => {
    const { text, json } = await run(args({ shell: name }));
    for (const each of SPECS) expect(text).toContain(each.name);
    for (const option of SPECS.flatMap(({ options }) => Object.keys(options)))
      expect(text).toMatch(new RegExp(`(?:--|-l )${option}\\b`));
    expect(json).toEqual({ shell: name, script: text });
  });
});

/** What bash would offer for the last of these words. */
async function offeredByBash(...words: readonly string[]): Promise<readonly string[]> {
  const script = await scriptOf('bash');
  await shell('bash', '-n', script);
  const line = words.map((word) => `'${word}'`).join(' ');
  const ask = `source ${script}; COMP_WORDS=(docker-mtls ${line}); COMP_CWORD=${words.length}`;
  const answer = await shell(
    'bash',
    '--norc',
    '-c',
    `${ask}; _docker_mtls; printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
  return answer.split('\n').filter((each) => each !== '');
}

describeNeeding([], 'bash', () => {
  test('offers the commands', async () => {
    expect(await offeredByBash('')).toEqual([...NAMES, '--help', '--version']);
    expect(await offeredByBash('is')).toEqual(['issue-server', 'issue-client']);
  });

  test("offers a command's options, and its choices", async () => {
    expect(await offeredByBash('issue-client', 'alice', '--k')).toEqual(['--key-type']);
    expect(await offeredByBash('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
  });

  test('offers the commands below another, each with its own options', async () => {
    expect(await offeredByBash('daemon-config', 'u')).toEqual(['undo']);
    expect(await offeredByBash('context', '')).toEqual([
      'create',
      'update',
      'list',
      'check',
      'use',
      'remove',
      '--help',
    ]);
    expect(await offeredByBash('context', 'remove', '--f')).toEqual(['--force']);
    expect(await offeredByBash('context', 'create', '--f')).toEqual(['--for']);
    expect(await offeredByBash('context', 'list', '--a')).toEqual([]);
    expect(await offeredByBash('list', '--a')).toEqual(['--all']);
  });

  test('offers nothing for what is no command', async () => {
    expect(await offeredByBash('frob', '--')).toEqual([]);
  });

  test('is asked for the program', async () => {
    const script = await scriptOf('bash');
    expect(await shell('bash', '--norc', '-c', `source ${script}; complete -p docker-mtls`)).toBe(
      'complete -o default -F _docker_mtls docker-mtls\n',
    );
  });
});

/** What zsh hands to the functions that offer words. */
async function askedOfZsh(...words: readonly string[]): Promise<string> {
  const script = await scriptOf('zsh');
  const line = words.map((word) => `'${word}'`).join(' ');
  const ask = [
    'compdef() { : }',
    '_describe() { print -l $commands }',
    '_arguments() { print -l -- "$@" }',
    `source ${script}`,
    `words=(docker-mtls ${line}); CURRENT=${words.length + 1}; _docker_mtls`,
  ];
  return shell('zsh', '-f', '-c', ask.join('\n'));
}

describeNeeding(['zsh'], 'zsh', () => {
  test('reads it, and has the function called for the program', async () => {
    const script = await scriptOf('zsh');
    await shell('zsh', '-f', '-n', script);
    const ask = `autoload -Uz compinit && compinit -D; source ${script}; print $_comps[docker-mtls]`;
    expect(await shell('zsh', '-f', '-c', ask)).toBe('_docker_mtls\n');
  });

  test('offers the commands with their meanings', async () => {
    const lines = (await askedOfZsh('')).trim().split('\n');
    expect(lines).toEqual(COMMANDS.map(({ name, summary }) => `${name}:${summary}`));
  });

  test("offers a command's options with their meanings and choices", async () => {
    const lines = (await askedOfZsh('issue-client', 'alice', '--')).split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^--force\[/));
    expect(lines.find((line) => line.startsWith('--key-type['))).toContain('(ec-p256 ec-p384');
    expect(lines.find((line) => line.startsWith('*--group['))).toBeDefined();
  });
});

describeNeeding(['zsh'], 'zsh, below a command', () => {
  test('offers the commands there', async () => {
    const lines = (await askedOfZsh('context', '')).trim().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^create:/);
    expect(await askedOfZsh('daemon-config', '')).toMatch(/^undo:[^]*^--server\[/m);
  });

  test('offers the options of that command alone', async () => {
    const lines = (await askedOfZsh('context', 'remove', '--')).split('\n');
    expect(lines.filter((line) => line.startsWith('--'))).toEqual([
      expect.stringMatching(/^--force\[/),
      expect.stringMatching(/^--json\[/),
    ]);
  });
});

/** The words that fish offers, without their meanings. */
async function offeredByFish(line: string): Promise<readonly string[]> {
  const script = await scriptOf('fish');
  await shell('fish', '--no-config', '--no-execute', script);
  const answer = await shell('fish', '--no-config', '-c', `source ${script}; complete -C '${line}'`);
  return answer.split('\n').flatMap((each) => (each === '' ? [] : [each.split('\t')[0] ?? '']));
}

describeNeeding(['fish'], 'fish', () => {
  test('offers the commands', async () => {
    expect((await offeredByFish('docker-mtls ')).toSorted()).toEqual(NAMES.toSorted());
  });

  test("offers a command's options, and their choices", async () => {
    expect(await offeredByFish('docker-mtls issue-client alice --k')).toEqual(['--key-type']);
    expect(await offeredByFish('docker-mtls bundle alice --layout ')).toEqual([
      'context',
      'flat',
      'folder',
      'pwd',
    ]);
    expect(await offeredByFish('docker-mtls completion ')).toEqual(
      expect.arrayContaining(['bash', 'fish', 'zsh']),
    );
  });

  test('offers the commands below another, each with its own options', async () => {
    expect(await offeredByFish('docker-mtls context ')).toEqual(
      expect.arrayContaining(['create', 'update', 'remove']),
    );
    expect(await offeredByFish('docker-mtls daemon-config u')).toEqual(['undo']);
    expect(await offeredByFish('docker-mtls context remove --f')).toEqual(['--force']);
    expect(await offeredByFish('docker-mtls context create --f')).toEqual(['--for']);
    expect(await offeredByFish('docker-mtls context list --a')).toEqual([]);
    expect(await offeredByFish('docker-mtls list --a')).toEqual(['--all']);
    expect(await offeredByFish('docker-mtls daemon-config undo --s')).toEqual([]);
  });
});
