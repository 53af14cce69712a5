import { MtlsError } from '@docker-mtls/errors';
import { Interrupted } from './interrupted.ts';

// What a terminal does with these by itself, where it is not in raw mode (termios(3)).
const ENTER = new Set(['\r', '\n']);
const END = '\u0004';
const INTERRUPT = '\u0003';
const ERASE = new Set(['\u007f', '\b']);
const ERASE_ALL = '\u0015';

/**
 * Reads a line from the terminal without showing it. The question goes to stderr. Throws `Interrupted`, and
 * `PASSPHRASE_NEEDED` where there is no answer: an empty line is one.
 */
export async function askSecret(question: string): Promise<string> {
  // Before the question: what is typed the moment it appears must not be echoed either.
  process.stdin.setRawMode(true);
  try {
    process.stderr.write(question);
    return await readLine();
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
    process.stderr.write('\n');
  }
}

async function readLine(): Promise<string> {
  const typed: string[] = [];
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin.iterator({ destroyOnReturn: false })) {
    for (const character of String(chunk)) {
      if (ENTER.has(character) || (character === END && typed.length > 0)) return typed.join('');
      if (character === END) throw unanswered();
      if (character === INTERRUPT) throw new Interrupted();
      if (character === ERASE_ALL) typed.length = 0;
      else if (ERASE.has(character)) typed.pop();
      else typed.push(character);
    }
  }
  throw unanswered();
}

function unanswered(): MtlsError {
  return new MtlsError('PASSPHRASE_NEEDED', 'no passphrase was typed', {
    hint: 'run the command again; Enter alone means none, where there may be none',
  });
}
