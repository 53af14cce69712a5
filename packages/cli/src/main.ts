import { isMtlsError, MtlsError } from '@docker-mtls/errors';
import { explainSystemError } from '@docker-mtls/files/file-error';
import { readArgs } from './command-line/args.ts';
import type { Args } from './command-line/args.ts';
import { ownWords } from './command-line/option-words.ts';
import { parseCommandLine } from './command-line/parse.ts';
import { UsageError } from './command-line/usage-error.ts';
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
  const args = readArgs(parsed.words);
  try {
    return success(await run(args, io), json);
  } catch (error) {
    throw await withHintFor(explainSystemError(error), args);
  }
}

/** The CA directory that was named is that of the hint, too. */
async function withHintFor(error: unknown, args: Args): Promise<unknown> {
  const isOurs = isMtlsError(error) || error instanceof UsageError;
  if (!isOurs || error.hint === undefined || args.text('ca-dir') === undefined) return error;
  // Loaded late: most commands have no error.
  const { inNamedCa } = await import('./commands/code/ca.ts');
  const hint = inNamedCa(error.hint, args);
  if (error instanceof UsageError) return new UsageError(error.message, hint);
  return new MtlsError(error.code, error.message, { hint, cause: error });
}
