/** Ctrl-C at a prompt: exit silently, as if killed by SIGINT. */
export class Interrupted extends Error {
  override readonly name: string = 'Interrupted';
}
