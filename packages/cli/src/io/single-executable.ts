/** Is the program one file with Node in it? */
export function isSingleExecutable(): boolean {
  return process.getBuiltinModule('node:sea').isSea();
}
