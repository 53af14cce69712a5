import fs from 'node:fs';
import nodePath from 'node:path';
import { parseProfile } from '@docker-mtls/ca';
import type { Profile, ProfileKind } from '@docker-mtls/ca';
import { REPOSITORY } from '../../../test/support/cache.ts';

/** A profile as a new CA directory has it. */
export function defaultProfile(kind: ProfileKind): Profile {
  const path = nodePath.join(REPOSITORY, 'certs-template/profiles', `${kind}.json`);
  return parseProfile(kind, JSON.parse(fs.readFileSync(path, 'utf8')));
}
