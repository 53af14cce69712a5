import type { ChildProcess } from 'node:child_process';
import { MtlsError } from '@docker-mtls/errors';
import type { Ended, Io } from './io.ts';
import { isTerminal } from './write-stream.ts';

// What a terminal sends to the whole group; the program has got it already then, and twice means "at once" to many.
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT'] as const;
// All that somebody may send us, or else it would end us (SIGUSR1: let anybody of this machine debug us), and go on alone.
const FOR_US_ALONE = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const;

/** Runs a program in our place: see `Io`. */
export const becomeProgram: Io['runProgram'] = (program, args, env) =>
  new Promise<Ended>((resolve, reject) => {
    // First: a program that signals us with its first breath would else end us, and go on alone.
    const signals = catchSignals();
    const fail = (error: unknown): void => {
      signals.release();
      reject(notRun(program, error));
    };
    // Loaded here, because few commands run a program in their place.
    const { spawn } = process.getBuiltinModule('node:child_process');
    try {
      const child = spawn(program, args, { env, stdio: 'inherit' });
      signals.handOnTo(child);
      child.once('error', fail);
      child.once('exit', (code, signal) => {
        signals.release();
        resolve(signal === null ? { code: code ?? 1 } : { signal });
      });
    } catch (error) {
      // Node throws what it takes for unlikely, a name that is too long for instance.
      fail(error);
    }
  });

function swallow(): void {}

type Signals = { readonly handOnTo: (child: ChildProcess) => void; readonly release: () => void };

/** Until the program ends, we outlive the signals that are meant for it. */
function catchSignals(): Signals {
  let child: ChildProcess | undefined;
  const hasTerminal = [0, 1, 2].some((stream) => isTerminal(stream));
  const handOn = (signal: NodeJS.Signals): void => void child?.kill(signal);
  const listeners = [
    ...FROM_TERMINAL.map((signal) => [signal, hasTerminal ? swallow : handOn] as const),
    ...FOR_US_ALONE.map((signal) => [signal, handOn] as const),
  ];
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return {
    handOnTo: (program) => {
      child = program;
    },
    release: () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    },
  };
}

function notRun(program: string, error: unknown): unknown {
  // All else is no answer of the system's.
  if (typeof error !== 'object' || error === null || !('syscall' in error && 'code' in error)) return error;
  const { code } = error;
  const shown = JSON.stringify(program.slice(0, 80));
  const [message, hint = 'check its name and the PATH'] = reasonOf(String(code), shown);
  return new MtlsError('PROGRAM_NOT_RUN', message, { cause: error, hint });
}

/** Why the system did not start it: execve(2). */
function reasonOf(code: string, shown: string): readonly [message: string, hint?: string] {
  if (code === 'ENOENT' || code === 'ENOTDIR') return [`there is no program ${shown}`];
  if (code === 'EACCES') return [`${shown} may not be run`];
  if (code === 'E2BIG')
    return [`${shown} was given too many words`, 'give it fewer, or a smaller environment'];
  return [`${shown} cannot be run: ${code}`];
}
