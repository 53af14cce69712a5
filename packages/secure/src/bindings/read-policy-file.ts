import { MtlsError } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import { decodeText, parse, PolicyError } from '@docker-mtls/policy';
import type { Policy } from '@docker-mtls/policy';

export type PolicyFile = { readonly file: string; readonly policy: Policy };

/** A policy. Its errors begin with the file, the line and the column. */
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
