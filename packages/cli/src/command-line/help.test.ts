import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cli } from '../../../../test/support/cli.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { COMMANDS } from '../commands/index.ts';
import { printedHelp } from './help.ts';
import { parseCommandLine } from './parse.ts';

const HELP = { '': 'all of it\n', list: 'the list\n' };

describe('printedHelp', () => {
  const file = path.join(temporaryFolder(), 'help.json');
  fs.writeFileSync(file, JSON.stringify(HELP));

  test.each([
    [['--help'], HELP['']],
    [['-h'], HELP['']],
    [['list', '--help'], HELP.list],
    [['list', '-h'], HELP.list],
  ])('answers %j from what was printed', (argv, text) => {
    expect(printedHelp(argv, file)).toBe(text);
  });

  test.each([
    [[]],
    [['list']],
    [['list', '--help', '--json']],
    [['--help', 'list']],
    [['frob', '--help']],
    [['constructor', '--help']],
    [['__proto__', '--help']],
  ])('leaves %j to the parser', (argv) => {
    expect(printedHelp(argv, file)).toBeUndefined();
  });

  test('leaves all to the parser where nothing was printed', () => {
    expect(printedHelp(['--help'], path.join(temporaryFolder(), 'help.json'))).toBeUndefined();
  });
});

// The program answers these without yargs, and without what yargs needs to measure text.
describe('the built program prints the help that yargs makes of the sources', () => {
  test.each([[[]], ...COMMANDS.map(({ name }) => [[name]])])('%j', async (words) => {
    const argv = [...words, '--help'];
    const parsed = await parseCommandLine(argv);
    const { code, stdout, stderr } = await cli(argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(parsed.kind === 'text' ? parsed.text : undefined);
  });
});
