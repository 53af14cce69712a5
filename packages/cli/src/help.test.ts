import { describe, expect, test } from '@jest/globals';
import { cli } from '../../../test/support/cli.ts';
import { COMMANDS } from './commands/index.ts';
import { parseCommandLine } from './parse.ts';

const HELP = { '': 'all of it\n', list: 'the list\n' };
Object.assign(globalThis, { DOCKER_MTLS_HELP: HELP });
const { printedHelp } = await import('./help.ts');

describe('printedHelp', () => {
  test.each([
    [['--help'], HELP['']],
    [['-h'], HELP['']],
    [['list', '--help'], HELP.list],
    [['list', '-h'], HELP.list],
  ])('answers %j from what was printed', (argv, text) => {
    expect(printedHelp(argv)).toBe(text);
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
    expect(printedHelp(argv)).toBeUndefined();
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
