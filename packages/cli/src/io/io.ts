import type { Part } from './progress.ts';

/** How a program ended. */
export type Ended = { readonly code: number } | { readonly signal: NodeJS.Signals };

/** Everything that a command may know of the world around it, so that tests can give it another one. */
export type Io = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** The file that was started: the program's own, or a link to it. */
  readonly programFile: string;
  /** The number of the user at work, 0 for root; `undefined` on Windows. */
  readonly uid: number | undefined;
  /** Who is at work, as the registry records it: `user@machine`. */
  readonly operator: string;
  readonly now: () => Date;
  /** A part of a long result, to stdout at once. False: nobody reads on. `OUTPUT_LOST`. */
  readonly output: (text: string) => boolean;
  /** Where the authorization plugins of this machine have their policies and logs: a folder for each engine. */
  readonly systemFolders: { readonly policies: string; readonly logs: string };
  /** A line for the person who waits: stderr, never part of the result. */
  readonly note: (line: string) => void;
  /** The same, but only where a person watches a terminal, as a bar where it is known how far the work is; `undefined` elsewhere. */
  readonly progress: ((line: string, part?: Part) => void) | undefined;
  /** Asks on the terminal without echo; `undefined` where there is no terminal. */
  readonly askSecret: ((question: string) => Promise<string>) | undefined;
  /** Asks a question on the terminal that is answered with y or n; `undefined` where there is no terminal. */
  readonly askYes: ((question: string) => Promise<boolean>) | undefined;
  /** Runs a program on our own stdin, stdout and stderr, and hands on to it the signals that we get. `PROGRAM_NOT_RUN`. */
  readonly runProgram: (
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
  ) => Promise<Ended>;
  /** From now on this process rather works more than that it takes more memory: for what is done any number of times. */
  readonly spareMemory: () => void;
  /** The names and addresses that this machine answers to. */
  readonly machine: () => { readonly hostNames: readonly string[]; readonly addresses: readonly string[] };
};
