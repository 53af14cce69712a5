import { describe, expect, test } from '@jest/globals';
import { output } from '../../../../test/support/run.ts';
import { cronLine } from './cron-line.ts';

const ODD = ['/srv/50% of it', '/srv/100%', `/srv/it's #1  "%" $HOME \`x\` \\%`];
const HOOK = ['/bin/echo', '%', 'a b%c'];

/**
 * What becomes of a command. crontab(5) has a percent sign end it, but for one after a backslash, which is taken away;
 * for the cron of busybox a number sign ends the line.
 */
const CRONS = {
  'a cron after crontab(5)': (command: string) =>
    command.replace(/(?<!\\)%.*$/u, '').replaceAll(String.raw`\%`, '%'),
  'the cron of busybox': (command: string) => command.replace(/#.*$/u, ''),
};

describe.each(Object.entries(CRONS))('%s', (_, toShell) => {
  test.each(ODD)('runs the command with the words that were meant: %j', async (caDirectory) => {
    const line = cronLine({
      program: ['printf', String.raw`%s\n`],
      options: ['--apply'],
      caDirectory,
      user: 'root',
      writes: [],
      hook: HOOK,
      appliesToEngine: true,
    });
    expect(line).toMatch(/^\d+ \* \* \* \* /u);
    const printed = await output('sh', ['-c', toShell(line.replace(/^(?:\S+ ){5}/u, ''))]);
    expect(printed.trimEnd().split('\n')).toEqual([
      'renew',
      '--timer',
      '--ca-dir',
      caDirectory,
      '--apply',
      '--',
      ...HOOK,
    ]);
  });
});
