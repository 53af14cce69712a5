import { beforeAll, expect, test } from '@jest/globals';
import { cli } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { TRACING } from '../support/needs.ts';
import { traceCli } from '../support/strace.ts';
import { temporaryFolder } from '../support/temp.ts';
import { inHome } from './kill-everywhere.ts';
import { copyOf, homeToWriteIn, WRITING_COMMANDS } from './writing-commands.ts';

// Once a command has told its success, nothing may follow that can fail, such as a cache that is written at the exit.

const SLOW = 120_000;
const TELLING = /^write\(1</u;
/** To a wake-up pipe of Node's, or to nothing. */
const HARMLESS = /^write\(\d+<(?:pipe:|anon_inode:|\/dev\/null>)/u;
const READING = /^openat\((?!.*O_CREAT|.*O_TRUNC)/u;

let start: string;

beforeAll(async () => {
  start = await homeToWriteIn();
}, SLOW);

describeNeeding(TRACING, 'after the result is told', () => {
  test.each(WRITING_COMMANDS)(
    'nothing on the disk changes: %s',
    async (line) => {
      const home = copyOf(start, temporaryFolder());
      const { code, calls } = await traceCli([...line.split(' '), '--json'], inHome(home));
      const texts = calls.filter(({ name }) => name !== 'execve').map(({ text }) => text);
      const told = texts.findLastIndex((text) => TELLING.test(text));
      expect({ code, isTold: told !== -1 }).toEqual({ code: 0, isTold: true });
      const after = texts.slice(told + 1).filter((text) => !HARMLESS.test(text) && !READING.test(text));
      expect(after).toEqual([]);
    },
    SLOW,
  );
});

test.each(WRITING_COMMANDS)(
  'a command whose reader is gone has done its work all the same: %s',
  async (line) => {
    const home = copyOf(start, temporaryFolder());
    const prefix = ['bash', '-c', '"$@" | true; exit "${PIPESTATUS[0]}"', 'bash'];
    const finished = await cli(line.split(' '), { ...inHome(home), prefix });
    expect(finished).toMatchObject({ code: 0, stdout: '' });
  },
  SLOW,
);
