import { shellWord } from '@docker-mtls/errors';
import type { Args } from '../command-line/args.ts';
import { findCommand } from '../command-line/command.ts';
import type { CommandSpec } from '../command-line/command.ts';
import { COMMANDS } from '../commands/index.ts';

/** As `hintInCa`, where a CA directory was named. */
export function inNamedCa(hint: string, args: Args): string {
  const named = args.text('ca-dir');
  return named === undefined ? hint : hintInCa(hint, named, COMMANDS);
}

/** The same of what a check found. */
export function findingInCa<Found extends { readonly hint?: string | undefined }>(
  finding: Found,
  args: Args,
): Found {
  return finding.hint === undefined ? finding : { ...finding, hint: inNamedCa(finding.hint, args) };
}

/**
 * A hint with the CA directory that was named for this command in the commands of docker-mtls that take one: without it,
 * they would be about another CA.
 */
export function hintInCa(hint: string, named: string, commands: readonly CommandSpec[]): string {
  return hint.replaceAll(/docker-mtls ([^;,)]+)/g, (said, rest: string) => {
    const words = rest.split(' ');
    const path = findCommand(commands, words);
    const isOfCa = path.at(-1)?.options['ca-dir'] !== undefined;
    if (!isOfCa || words.includes('--ca-dir')) return said;
    const [verb, others] = [words.slice(0, path.length), words.slice(path.length)];
    return ['docker-mtls', ...verb, '--ca-dir', shellWord(named), ...others].join(' ');
  });
}
