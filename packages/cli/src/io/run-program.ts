import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { hasCode, MtlsError } from '@docker-mtls/errors';
import type { Ended, Io } from './io.ts';

// What a terminal sends to the whole group; the program has got it already then, and twice means "at once" to many.
const FROM_TERMINAL = ['SIGINT', 'SIGQUIT'] as const;
const FOR_US_ALONE = ['SIGTERM', 'SIGHUP'] as const;

/** Runs a program in our place: see `Io`. */
export const runProgram: Io['runProgram'] = (program, args, env) =>
  new Promise<Ended>((resolve, reject) => {
    // First: a program that signals us with its first breath would else end us, and go on alone.
    const signals = catchSignals();
    const child = spawn(program, args, { env, stdio: 'inherit' });
    signals.handOnTo(child);
    child.once('error', (error) => {
      signals.release();
      reject(notRun(program, error));
    });
    child.once('exit', (code, signal) => {
      signals.release();
      resolve(signal === null ? { code: code ?? 1 } : { signal });
    });
  });

function swallow(): void {}

type Signals = { readonly handOnTo: (child: ChildProcess) => void; readonly release: () => void };

/** Until the program ends, we outlive the signals that are meant for it. */
function catchSignals(): Signals {
  let child: ChildProcess | undefined;
  const hasTerminal = process.stdin.isTTY || process.stderr.isTTY;
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

function notRun(program: string, error: Error): unknown {
  const shown = JSON.stringify(program.slice(0, 80));
  const options = { cause: error, hint: 'check its name and the PATH' };
  if (hasCode(error, 'ENOENT'))
    return new MtlsError('PROGRAM_NOT_RUN', `there is no program ${shown}`, options);
  if (hasCode(error, 'EACCES')) return new MtlsError('PROGRAM_NOT_RUN', `${shown} may not be run`, options);
  return error;
}
