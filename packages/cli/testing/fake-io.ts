import { readArgs } from '../src/command-line/args.ts';
import type { Args } from '../src/command-line/args.ts';
import type { Io } from '../src/io/io.ts';

export const NOW = new Date('2026-01-01T00:00:00Z');

/** A world of its own: no terminal, no environment, a clock that stands still. */
export function fakeIo(changes: Partial<Io> = {}): Io {
  return {
    env: {},
    cwd: '/work',
    platform: 'linux',
    programFile: process.execPath,
    uid: 0,
    operator: 'ada@desk',
    now: () => NOW,
    output: () => true,
    systemFolders: { policies: '/nowhere/policies', logs: '/nowhere/logs' },
    note: () => undefined,
    progress: undefined,
    askSecret: undefined,
    askYes: undefined,
    runProgram: (program) => Promise.reject(new Error(`${program} is not run here`)),
    spareMemory: () => undefined,
    machine: () => ({ hostNames: [], addresses: [] }),
    ...changes,
  };
}

/** A terminal at which somebody types these answers, one after the other. */
export function typing(...answers: readonly string[]): {
  readonly askSecret: (question: string) => Promise<string>;
  readonly questions: readonly string[];
} {
  const questions: string[] = [];
  const askSecret = async (question: string): Promise<string> => {
    questions.push(question);
    const answer = answers[questions.length - 1];
    if (answer === undefined) throw new Error(`nobody answers ${question}`);
    return answer;
  };
  return { askSecret, questions };
}

/** Words as yargs would have parsed them. */
export function args(words: Readonly<Record<string, unknown>> = {}): Args {
  return readArgs(words);
}
