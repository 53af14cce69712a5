import fs from 'node:fs';
import nodePath from 'node:path';
import { explained, makePrivateDirectory, syncDirectory } from '@docker-mtls/files';
import type FsExtra from 'fs-extra';
import type { Layout } from './layout.ts';
import { HERE, requireHere } from './require-here.ts';

const PARTS = ['profiles', 'README.md'];

/**
 * The folder `certs-template`: beside the running file when published, else at the root of the workspace, as seen
 * from `packages/store/src` or `dist`.
 */
export function defaultProfilesFolder(): string {
  const beside = nodePath.join(HERE, 'certs-template');
  return fs.existsSync(beside) ? beside : nodePath.join(HERE, '..', '..', '..', 'certs-template');
}

/** Lays down what a new CA directory starts from. What an interrupted run left of it is overwritten. */
export function layDownTemplate(templateFolder: string, { directory, profiles }: Layout): void {
  const { copySync } = loadFsExtra();
  makePrivateDirectory(profiles);
  for (const part of PARTS.filter((name) => fs.existsSync(nodePath.join(templateFolder, name)))) {
    const to = nodePath.join(directory, part);
    explained('lay down', to, () => copySync(nodePath.join(templateFolder, part), to, { dereference: true }));
  }
  for (const name of fs.readdirSync(profiles)) syncFile(nodePath.join(profiles, name));
  syncDirectory(profiles);
}

/** A CA whose profiles were lost to a power failure could not issue. */
function syncFile(path: string): void {
  explained('sync', path, () => {
    const file = fs.openSync(path, 'r+');
    try {
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
  });
}

/** Only a new CA needs it, so no other command waits for it. A bundler resolves the first call, Node the second. */
function loadFsExtra(): typeof FsExtra {
  if (typeof require === 'function') return require('fs-extra') as typeof FsExtra;
  return requireHere('fs-extra') as typeof FsExtra;
}
