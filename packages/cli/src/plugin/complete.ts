import { findCommand } from '../command-line/command.ts';
import type { OptionSpecs } from '../command-line/command.ts';
import { commandsBelow } from '../command-line/explain.ts';
import { optionOf } from '../command-line/option-words.ts';
import { COMMANDS } from '../commands/index.ts';

// Directives of cobra's completion protocol: completions.go of spf13/cobra.
const FILES = ':0';
const NO_FILES = ':4';

type Candidate = readonly [word: string, meaning: string];

/** What may stand where the last word is typed, in the form that the Docker CLI reads from its plugins. */
export function completionAnswer(words: readonly string[], described: boolean): string {
  const { candidates, directive } = candidatesFor(words.slice(0, -1), words.at(-1) ?? '');
  const typed = words.at(-1) ?? '';
  const lines = candidates
    .filter(([word]) => word.startsWith(typed))
    .map(([word, meaning]) => (described && meaning !== '' ? `${word}\t${meaning}` : word));
  return [...lines, directive, ''].join('\n');
}

type Answer = { readonly candidates: readonly Candidate[]; readonly directive: string };

function candidatesFor(before: readonly string[], typed: string): Answer {
  const path = findCommand(COMMANDS, before);
  const { options = {}, positionals = [] } = path.at(-1) ?? {};
  if (before.includes('--')) return { candidates: [], directive: FILES };
  const [, asked] = optionOf(before.at(-1) ?? '', options) ?? [];
  if (asked?.type === 'string') return valuesOf(asked.choices);
  if (typed.startsWith('-')) return { candidates: optionsOf(options), directive: NO_FILES };
  const below = commandsBelow(path).map(({ name, summary }) => [name, summary] as const);
  if (below.length > 0 && before.length === path.length) return { candidates: below, directive: NO_FILES };
  return valuesOf(positionals.flatMap(({ choices = [] }) => choices));
}

function valuesOf(choices: readonly string[] = []): Answer {
  const candidates = choices.map((choice) => [choice, ''] as const);
  return { candidates, directive: choices.length === 0 ? FILES : NO_FILES };
}

function optionsOf(options: OptionSpecs): readonly Candidate[] {
  const own = Object.entries(options).map(([name, { describe }]) => [`--${name}`, describe] as const);
  return [...own, ['--help', 'Show this help']];
}
