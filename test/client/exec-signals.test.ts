import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { PROGRAM, cli, cliJson } from '../support/cli.ts';
import { output } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

let home: string;

beforeAll(async () => {
  home = temporaryFolder();
  await cliJson(['init-ca'], { home });
  await cliJson(['issue-client', 'alice'], { home });
});

const EXEC = ['exec', 'alice', '--for', 'node1', '--'];

test.each(['INT', 'QUIT', 'TERM', 'HUP', 'USR1', 'USR2', 'ALRM'])(
  'hands SIG%s on to the program, and waits for it',
  async (signal) => {
    const trapping = `trap "echo bye; exit 7" ${signal}; kill -${signal} $PPID; for i in $(seq 600); do sleep 0.1; done; exit 8`;
    const finished = await cli([...EXEC, 'sh', '-c', trapping], { home });
    expect(finished).toEqual({ code: 7, signal: undefined, stdout: 'bye\n', stderr: '' });
  },
);

function waitFor(file: string): string {
  return `until [ -e ${file} ]; do sleep 0.05; done`;
}

test('hands nothing on that a terminal has told the program already', async () => {
  // A terminal sends SIGINT to both. What we hand on comes in order, so with SIGTERM all is there.
  const counting = path.join(home, 'counting.cjs');
  fs.writeFileSync(
    counting,
    `let count = 0;
     process.on('SIGINT', () => { count += 1; if (count === 1) process.kill(process.ppid, 'SIGTERM'); });
     process.on('SIGTERM', () => { console.log('SIGINT: ' + count); require('fs').writeFileSync('over', ''); process.exit(); });
     require('fs').writeFileSync('ready', '');
     setInterval(() => {}, 1000);`,
  );
  const program = [...PROGRAM, ...EXEC, process.execPath, counting].join(' ');
  // Only stdout is the terminal.
  const typing = `{ ${waitFor('ready')}; printf '\\003'; ${waitFor('over')}; } | script -qec 'exec ${program} </dev/null 2>/dev/null' /dev/null`;
  const shown = await output('sh', ['-c', typing], { cwd: home, env: { HOME: home } });
  expect(shown).toContain('SIGINT: 1');
});
