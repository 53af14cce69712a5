import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { searchPath } from './run.ts';

/** What somebody at a terminal saw, and what the program ended with: as a shell has it, 130 after SIGINT. */
export type AtTerminal = {
  readonly code: number | null;
  readonly shown: string;
  readonly asked: readonly string[];
};

export type Typing = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What is typed at each question, the Enter key included. At one too many, the terminal is closed. */
  readonly keys: readonly string[];
};

const QUESTION = /(?:Passphrase[^:]*|The same again): /g;

/** Runs a program at a terminal. */
export async function atTerminal(
  program: readonly string[],
  { cwd, env, keys }: Typing,
): Promise<AtTerminal> {
  const command = program.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    cwd,
    env: { PATH: searchPath(), SHELL: '/bin/sh', ...env },
  });
  let shown = '';
  let answered = 0;
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    for (; answered < questionsIn(shown).length; answered += 1)
      if (keys[answered] === undefined) terminal.kill();
      else terminal.stdin.write(keys[answered]);
  });
  const [code] = (await once(terminal, 'close')) as [number | null];
  return { code, shown, asked: questionsIn(shown) };
}

function questionsIn(text: string): readonly string[] {
  return text.match(QUESTION) ?? [];
}
