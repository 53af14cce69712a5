import { constants } from 'node:os';
import { dockerVariables } from '@docker-mtls/context/environment';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { dockerEnvironmentOf, OTHER_CA_VARIABLES } from '../../client/docker-environment.ts';
import type { Ended, Io } from '../../io/io.ts';
import { UsageError } from '../../command-line/usage-error.ts';

/** What would lead a program to another engine, or to other CAs. */
const OVERRIDING: ReadonlySet<string> = new Set(['DOCKER_CONTEXT', 'DOCKER_TLS', ...OTHER_CA_VARIABLES]);

/** Runs a program with a client's identity in its environment, and ends as it does. */
export async function run(args: Args, io: Io): Promise<Report> {
  const [program, ...words] = args.rest;
  if (program === undefined || program === '')
    throw new UsageError('COMMAND is missing', 'put it behind --, as in: -- docker version');
  const kept = Object.entries(io.env).filter(([name]) => !OVERRIDING.has(name));
  const env = { ...Object.fromEntries(kept), ...dockerVariables(await dockerEnvironmentOf(args, io)) };
  return { json: {}, text: '', ...outcomeOf(await io.runProgram(program, words, env)) };
}

/** A shell's exit code for a signal, where we cannot end by the same. */
function outcomeOf(ended: Ended): Pick<Report, 'exitCode' | 'signal'> {
  if ('code' in ended) return { exitCode: ended.code };
  return { exitCode: 128 + constants.signals[ended.signal], signal: ended.signal };
}
