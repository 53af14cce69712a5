import nodePath from 'node:path';
import {
  createFile,
  makePrivateUnsynced,
  programDataFolder,
  PUBLIC_FILE,
  readProgramData,
  syncDirectory,
} from '@docker-mtls/files';
import type { Layout } from './layout.ts';
import { HERE } from './here.ts';

/**
 * The folder `certs-template`: beside the running file when published, else at the root of the workspace, as seen
 * from `packages/ca-directory/src` or `dist`.
 */
export function defaultProfilesFolder(): string {
  return programDataFolder('certs-template', () => [
    nodePath.join(HERE, 'certs-template'),
    nodePath.join(HERE, '..', '..', '..', 'certs-template'),
  ]);
}

const FILES = ['README.md', 'profiles/ca.json', 'profiles/client.json', 'profiles/server.json'] as const;

/** A file that a new CA directory starts with. */
export type TemplateFile = { readonly name: string; readonly data: Buffer };

/** Reads what a new CA directory starts from. It is the program's, and need not be for the owner of that to read. */
export function readTemplate(folder: string): readonly TemplateFile[] {
  return FILES.map((name) => ({ name, data: readProgramData(folder, name) }));
}

/** Lays it down durably: a CA whose profiles were lost to a power failure could not issue. */
export function layDownTemplate(template: readonly TemplateFile[], { directory, profiles }: Layout): void {
  makePrivateUnsynced(profiles);
  for (const { name, data } of template) createFile(nodePath.join(directory, name), data, PUBLIC_FILE);
  syncDirectory(profiles);
}
