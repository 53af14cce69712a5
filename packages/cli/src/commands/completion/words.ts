import { allCommands } from '../../command-line/command.ts';
import type { CommandPath, CommandSpec } from '../../command-line/command.ts';

/** What may follow a command: the commands below it or the choices of its words, and its options. */
export type Following = {
  readonly path: CommandPath;
  readonly words: readonly string[];
  readonly options: CommandSpec['options'];
};

/** What may follow each command; those below another come before it. */
export function followings(commands: readonly CommandSpec[]): readonly Following[] {
  const paths = allCommands(commands).toSorted((one, other) => other.length - one.length);
  return paths.map((path) => {
    const { commands: below = [], positionals = [], options = {} } = path.at(-1) ?? {};
    const choices = positionals.flatMap((positional) => positional.choices ?? []);
    return { path, words: [...below.map(({ name }) => name), ...choices], options };
  });
}

/** `context create` */
export function namesOf(path: CommandPath): string {
  return path.map(({ name }) => name).join(' ');
}
