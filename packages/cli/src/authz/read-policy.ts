import path from 'node:path';
import { readPolicyFile } from '@docker-mtls/secure/bindings';
import type { PolicyFile } from '@docker-mtls/secure/bindings';
import type { Args } from '../command-line/args.ts';
import type { Io } from '../io/io.ts';
import { installedPolicy } from './installed.ts';

/** The policy that `--policy` names, or the installed one. Its errors begin with the file, the line and the column. */
export function readNamedPolicy(args: Args, io: Io): PolicyFile {
  return readPolicyFile(policyFileOf(args.text('policy'), io));
}

/** Where a policy is that a command line names, or does not. */
export function policyFileOf(named: string | undefined, io: Io): string {
  return named === undefined ? installedPolicy(io) : path.resolve(io.cwd, named);
}
