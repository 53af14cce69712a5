import { explainSystemError } from '@docker-mtls/files/file-error';
import { readArgs } from './command-line/args.ts';
import { ownWords } from './command-line/option-words.ts';
import { parseCommandLine } from './command-line/parse.ts';
import type { Io } from './io/io.ts';
import { AS_WRITTEN, DONE, failure, success } from './outcome.ts';
import type { ProcessOutcome, Spell } from './outcome.ts';

/** Runs one command line from parsing to the exit code. Never throws. */
export async function main(
  argv: readonly string[],
  io: Io,
  spell: Spell = AS_WRITTEN,
): Promise<ProcessOutcome> {
  const json = ownWords(argv).includes('--json');
  try {
    return await runCommandLine(argv, json, io, spell);
  } catch (error) {
    return failure(explainSystemError(error), json, spell);
  }
}

async function runCommandLine(
  argv: readonly string[],
  json: boolean,
  io: Io,
  spell: Spell,
): Promise<ProcessOutcome> {
  const parsed = await parseCommandLine(argv);
  if (parsed.kind === 'text') return { stdout: spell(parsed.text), stderr: '', exitCode: DONE };
  const run = await parsed.path.at(-1)?.load?.();
  if (run === undefined) throw new Error('there is no code for this command');
  return success(await run(readArgs(parsed.words), io), json);
}
