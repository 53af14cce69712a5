import fs from 'node:fs';
import path from 'node:path';
import { hasCode } from '@docker-mtls/errors';

/**
 * The help texts as yargs wrote them when the program was built, by command (`''` is the program's own): a question for
 * help then costs little more than starting Node. Not there when the sources run as they are.
 */
const PRINTED = path.join(import.meta.dirname, 'help.json');

/** The text for a plain request for help, or `undefined` when the command line needs to be parsed. */
export function printedHelp(argv: readonly string[], file: string = PRINTED): string | undefined {
  const command = plainRequest(argv);
  return command === undefined ? undefined : printed(file)[command];
}

/** The command that help is asked for, `''` for the program. */
function plainRequest([first, second, ...others]: readonly string[]): string | undefined {
  if (isHelp(first) && second === undefined) return '';
  return isHelp(second) && others.length === 0 ? first : undefined;
}

export function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h';
}

function printed(file: string): Readonly<Record<string, string | undefined>> {
  try {
    return { __proto__: null, ...JSON.parse(fs.readFileSync(file, 'utf8')) };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return {};
    throw error;
  }
}
