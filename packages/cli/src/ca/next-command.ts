import { shellWord } from '@docker-mtls/errors';
import type { Args } from '../command-line/args.ts';

/** A command to type next. Without the CA directory that was named for this one, it would be about another CA. */
export function nextCommand(command: string, args: Args): string {
  const named = args.text('ca-dir');
  return named === undefined ? command : `${command} --ca-dir ${shellWord(named)}`;
}
