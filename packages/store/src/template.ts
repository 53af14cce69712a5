import fs from 'node:fs';
import nodePath from 'node:path';
import { createFile, explained, makePrivateDirectory, PUBLIC_FILE, syncDirectory } from '@docker-mtls/files';
import type { Layout } from './layout.ts';
import { HERE } from './here.ts';

/**
 * The folder `certs-template`: beside the running file when published, else at the root of the workspace, as seen
 * from `packages/store/src` or `dist`.
 */
export function defaultProfilesFolder(): string {
  const beside = nodePath.join(HERE, 'certs-template');
  return fs.existsSync(beside) ? beside : nodePath.join(HERE, '..', '..', '..', 'certs-template');
}

/** Lays down what a new CA directory starts from: a CA whose profiles were lost to a power failure could not issue. */
export function layDownTemplate(templateFolder: string, { directory, profiles }: Layout): void {
  makePrivateDirectory(profiles);
  for (const name of templateFiles(templateFolder)) {
    const data = explained('read', name, () => fs.readFileSync(nodePath.join(templateFolder, name)));
    createFile(nodePath.join(directory, name), data, PUBLIC_FILE);
  }
  syncDirectory(profiles);
}

function templateFiles(templateFolder: string): readonly string[] {
  const profiles = fs.readdirSync(nodePath.join(templateFolder, 'profiles'));
  return ['README.md', ...profiles.map((name) => nodePath.join('profiles', name))];
}
