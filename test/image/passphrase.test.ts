import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { withMounts } from '../hostile/with-mounts.ts';
import { BUNDLE } from '../support/cli.ts';
import { describeUnless } from '../support/describe-unless.ts';
import { searchPath } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { which } from '../support/engine-install.ts';

const MOUNTS = 'mount --bind "$work/c" /certs; mount --bind "$work/d" /docker';
const QUESTION = /(?:Passphrase[^:]*|The same again): /g;

describeUnless(obstacle(), 'a passphrase that is typed for a new CA of the container', () => {
  test('is asked for twice, and not to unlock what it has just locked', async () => {
    const work = temporaryFolder();
    for (const name of ['c', 'd']) fs.mkdirSync(path.join(work, name), { mode: 0o755 });
    const { code, asked } = await typeAt(work, ['correct horse', 'correct horse']);
    expect({ code, asked }).toEqual({
      code: 0,
      asked: ['Passphrase for the new CA key (empty for none): ', 'The same again: '],
    });
    const key = fs.readFileSync(path.join(work, 'c/ca/private/ca-key.pem'), 'utf8');
    expect(key).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(fs.existsSync(path.join(work, 'd/daemon.json'))).toBe(true);
  });
});

type Typed = { readonly code: number | null; readonly asked: readonly string[] };

/** Runs the server's container at a terminal where each question gets the next of the answers, and none when there is none. */
async function typeAt(work: string, answers: readonly string[]): Promise<Typed> {
  const [program = '', ...words] = [
    ...withMounts(work, MOUNTS),
    process.execPath,
    BUNDLE,
    'container',
    'server',
  ];
  const command = [program, ...words].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: searchPath(), HOME: work, SHELL: '/bin/sh', HOST_CERTS_DIR: '/diamol-certs' },
  });
  let shown = '';
  let answered = 0;
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    for (; answered < questionsIn(shown).length; answered += 1)
      if (answers[answered] === undefined) terminal.kill();
      else terminal.stdin.write(`${answers[answered]}\r`);
  });
  const [code] = (await once(terminal, 'close')) as [number | null];
  return { code, asked: questionsIn(shown) };
}

function questionsIn(text: string): readonly string[] {
  return text.match(QUESTION) ?? [];
}

/** Mounts want root and name spaces, a terminal wants util-linux's program. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  return which('script') === undefined ? 'no script (bsdutils)' : undefined;
}
