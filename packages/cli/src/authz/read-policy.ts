import path from 'node:path';
import { MtlsError } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import { decodeText, parse, PolicyError } from '@docker-mtls/policy';
import type { Policy } from '@docker-mtls/policy';
import type { Args } from '../command-line/args.ts';
import type { Io } from '../io/io.ts';
import { installedPolicy } from './installed.ts';

export type PolicyFile = { readonly file: string; readonly policy: Policy };

/** The policy that `--policy` names, or the installed one. Its errors begin with the file, the line and the column. */
export function readNamedPolicy(args: Args, io: Io): PolicyFile {
  return readPolicyFile(policyFileOf(args.text('policy'), io));
}

/** Where a policy is that a command line names, or does not. */
export function policyFileOf(named: string | undefined, io: Io): string {
  return named === undefined ? installedPolicy(io) : path.resolve(io.cwd, named);
}

export function readPolicyFile(file: string): PolicyFile {
  return { file, policy: readText(file, parse) };
}

/** Reads a text by line and column, such as a policy. Codes: those of `parse`, and `FILE_…`. */
export function readText<T>(file: string, read: (text: string) => T): T {
  const bytes = readFile(file);
  try {
    return read(decodeText(bytes));
  } catch (error) {
    throw error instanceof PolicyError ? inFile(file, error) : error;
  }
}

/** As compilers write it, so that editors and pipelines find the place: `policy.yaml:3:7: …`. */
function inFile(file: string, error: PolicyError): MtlsError {
  const { code, hint } = error;
  const options = { cause: error, ...(hint !== undefined && { hint }) };
  return new MtlsError(code, `${placeIn(file, error)}: ${error.problem}`, options);
}

export function placeIn(file: string, { place }: PolicyError): string {
  return place === undefined ? file : `${file}:${place.line}:${place.column}`;
}
