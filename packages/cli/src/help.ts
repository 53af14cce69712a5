declare const DOCKER_MTLS_HELP: Readonly<Record<string, string>> | undefined;

/**
 * The help texts as yargs wrote them when the bundle was made, by command (`''` is the program's own): a
 * question for help then costs little more than starting Node. Empty when the sources run as they are.
 */
const PRINTED: Readonly<Record<string, string>> =
  typeof DOCKER_MTLS_HELP === 'object' ? DOCKER_MTLS_HELP : {};

/** The text for a plain request for help, or `undefined` when the command line needs to be parsed. */
export function printedHelp(argv: readonly string[]): string | undefined {
  const [first, second] = argv;
  if (argv.length === 1 && isHelp(first)) return PRINTED[''];
  if (argv.length === 2 && isHelp(second) && first !== undefined && Object.hasOwn(PRINTED, first))
    return PRINTED[first];
  return undefined;
}

function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h';
}
