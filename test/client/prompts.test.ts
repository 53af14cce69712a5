import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { PROGRAM, cli, cliJson } from '../support/cli.ts';
import { temporaryFolder } from '../support/temp.ts';
import { atTerminal, type AtTerminal } from '../support/terminal.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';

function type(home: string, command: string, ...keys: readonly string[]): Promise<AtTerminal> {
  const program = [...PROGRAM, ...command.split(' ')];
  return atTerminal(program, { cwd: home, env: { HOME: home }, keys });
}

describe('a passphrase that is asked for', () => {
  let locked: string;
  beforeAll(async () => {
    locked = temporaryFolder();
    fs.writeFileSync(path.join(locked, 'phrase'), 'correct horse\n');
    for (const command of ['init-ca', 'issue-client alice'])
      await cliJson([...command.split(' '), '--passphrase-file', 'phrase'], { home: locked });
  }, 120_000);

  test.each([['init-ca --ca-dir other'], ['issue-client bob'], ['bundle alice --for node1 --encrypt']])(
    'is a question that Ctrl-C ends, as it ends any program: %s',
    async (command) => {
      const before = fs.readdirSync(locked);
      const { code, shown } = await type(locked, command, `half${CTRL_C}`);
      expect({ code, said: shown.trim().split('\n').slice(1) }).toEqual({ code: 130, said: [] });
      expect(fs.readdirSync(locked)).toEqual(before);
    },
  );

  test('is not taken for none where nothing is typed, not even Enter', async () => {
    const home = temporaryFolder();
    const { code, shown } = await type(home, 'init-ca --ca-dir ca', CTRL_D);
    expect({ code, shown }).toEqual({ code: 1, shown: expect.stringContaining('no passphrase was typed') });
    expect(fs.readdirSync(home)).toEqual([]);
  });

  test('can be cleared with Ctrl-U, and corrected with Backspace', async () => {
    const home = temporaryFolder();
    const keys = [`tpyo${CTRL_U}correct horse\r`, `oops${CTRL_U}correct horsw\u007fe\r`];
    expect(await type(home, 'init-ca', ...keys)).toMatchObject({ code: 0 });
    fs.writeFileSync(path.join(home, 'phrase'), 'correct horse\n');
    await cliJson(['issue-client', 'alice', '--passphrase-file', 'phrase'], { home });
  });
});

test('a terminal is shown the letters of a name that it would act on, and a program gets the name itself', async () => {
  const home = temporaryFolder();
  const folder = path.join(home, 'a\u001b[31m\u009bb');
  fs.mkdirSync(folder);
  const [node = '', ...words] = [...PROGRAM, 'init-ca', '--no-passphrase', '--ca-dir', 'ca'];
  const { shown } = await atTerminal([node, ...words], { cwd: folder, env: { HOME: home }, keys: [] });
  expect(shown).toContain('/a\\u{1b}[31m\\u{9b}b/ca');
  expect(shown).not.toContain('\u001b');
  expect(shown).not.toContain('\u009b');
  await cliJson(['issue-client', 'alice', '--ca-dir', 'ca'], { home, cwd: folder });
  const { stdout } = await cli(['env', 'alice', '--for', 'node1', '--ca-dir', 'ca'], { home, cwd: folder });
  expect(stdout).toContain(`${folder}/ca/clients/alice`);
});
