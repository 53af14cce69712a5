import { splitExpansion } from './words.ts';
import type { Word } from './words.ts';

/** An argument as the engine gets it, and the word of the command line that it comes from. */
export type Argument = { readonly value: string; readonly word: number };

/**
 * What becomes of the words of a command line (systemd.service(5), "Command lines"): a word `$FOO` turns into as many
 * arguments as its value has words, `${FOO}` is replaced in place, an unknown variable is empty.
 */
export function expandWords(
  words: readonly Word[],
  environment: ReadonlyMap<string, string>,
): readonly Argument[] {
  return words.flatMap(({ value }, word) =>
    expandWord(specified(value), environment).map((text) => ({ value: text, word })),
  );
}

/** Does the word stand for something that is set elsewhere? */
export function isVariable({ value }: Word): boolean {
  return /^\$[^${]|\$\{/.test(value.replaceAll('$$', ''));
}

/** Specifiers such as %H stay as they are: we need not know them, for they cannot make a flag. */
export function specified(value: string): string {
  return value.replaceAll('%%', '%');
}

function expandWord(value: string, environment: ReadonlyMap<string, string>): readonly string[] {
  if (/^\$(?![${])/.test(value)) return splitExpansion(environment.get(value.slice(1)) ?? '');
  const expanded = value.replaceAll(/\$\$|\$\{([^}]*)\}/g, (_, name?: string) =>
    name === undefined ? '$' : (environment.get(name) ?? ''),
  );
  return [expanded];
}
