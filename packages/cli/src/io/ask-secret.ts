import { UsageError } from '../command-line/usage-error.ts';

const ENTER = new Set(['\r', '\n', '\u0004']);
const INTERRUPT = '\u0003';
const ERASE = new Set(['\u007f', '\b']);

/** Reads a line from the terminal without showing it. The question goes to stderr. */
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
      if (ENTER.has(character)) return typed.join('');
      if (character === INTERRUPT) throw new UsageError('interrupted');
      if (ERASE.has(character)) typed.pop();
      else typed.push(character);
    }
  }
  return typed.join('');
}
