/** Put in by the bundler, which gives them a program of their own. */
declare const DOCKER_MTLS_SHELL_COMMANDS: readonly string[];

/** The program that has a command in it, by the name of its file. */
export function programOf(command: string | undefined): 'shell' | 'start' {
  return command !== undefined && DOCKER_MTLS_SHELL_COMMANDS.includes(command) ? 'shell' : 'start';
}
