export { runProgram } from './run-program.ts';
export type { Ran, Run, RunOptions, Trouble } from './run-program.ts';
