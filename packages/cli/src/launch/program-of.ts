/**
 * Commands that shells run all the time: the build gives them a program of their own, with nothing in it but what they
 * need, which loads in a third of the time.
 */
export const SHELL_COMMANDS: readonly string[] = ['env', 'exec'];

/** The program that has a command in it, by the name of its file. */
export function programOf(command: string | undefined): 'shell' | 'start' {
  return command !== undefined && SHELL_COMMANDS.includes(command) ? 'shell' : 'start';
}
