import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { COMMANDS } from '../index.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

type Shell = keyof typeof SCRIPTS;

/** Writes the completion script of a shell from the same table that the command line is parsed with. */
export async function run(args: Args): Promise<Report> {
  const shell = args.text('shell') as Shell;
  const text = SCRIPTS[shell](COMMANDS);
  return { json: { shell, script: text }, text };
}
