import nodePath from 'node:path';
import { parseProfile } from '@docker-mtls/ca';
import type { Profile, ProfileKind } from '@docker-mtls/ca';
import { hasCode, isMtlsError } from '@docker-mtls/errors';
import { LARGEST_FILE, readFile } from '@docker-mtls/files';
import { StoreError } from './error.ts';
import type { Layout } from './layout.ts';

/** Reads `profiles/<kind>.json`. Code: `CA_DIRECTORY_PROFILE_INVALID`, with all that is wrong with it. */
export function readProfile({ profiles, owner }: Layout, kind: ProfileKind): Profile {
  const path = nodePath.join(profiles, `${kind}.json`);
  const json = parseJson(path, readText(path, owner));
  try {
    return parseProfile(kind, json);
  } catch (error) {
    throw isMtlsError(error) ? invalid(path, error.message, error.hint, error) : error;
  }
}

function readText(path: string, owner: number | undefined): string {
  try {
    return readFile(path, LARGEST_FILE, owner).toString('utf8');
  } catch (error) {
    if (!hasCode(error, 'FILE_NOT_FOUND')) throw error;
    throw invalid(path, 'no such file', 'copy it from the profiles of another CA directory', error);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, 'it is not valid JSON', 'fix it, or copy it from another CA directory', error);
  }
}

function invalid(path: string, what: string, hint: string | undefined, cause: unknown): StoreError {
  return new StoreError('CA_DIRECTORY_PROFILE_INVALID', `cannot use the profile ${path}: ${what}`, {
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}
