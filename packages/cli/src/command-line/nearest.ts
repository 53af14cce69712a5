import yargs from 'yargs';

const LONGEST = 40;

/** The word that was probably meant: one that goes on as what was typed, or the nearest one that begins like it. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  if (typed.length < 2 || typed.length > LONGEST) return undefined;
  const alike = words.filter((word) => word[0] === typed[0]);
  return alike.find((word) => word.startsWith(typed)) ?? recommended(typed, alike);
}

/** What yargs recommends, which it does for commands only. */
function recommended(typed: string, words: readonly string[]): string | undefined {
  let found: string | undefined;
  const parser = yargs([], '/')
    .locale('en')
    .updateStrings({ 'Did you mean %s?': '%s' })
    .help(false)
    .version(false)
    .exitProcess(false)
    .recommendCommands()
    .fail((message) => {
      found = message;
    });
  for (const word of words) parser.command(word, word);
  parser.parse([typed]);
  return found;
}
