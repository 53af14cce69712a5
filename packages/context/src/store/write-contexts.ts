import fs from 'node:fs';
import {
  encodeContextMetadata,
  parseContextName,
  packDockerContext,
  readDockerContext,
  type ContextTls,
  type DockerContext,
} from '@docker-mtls/bundle';
import { explained, makeDirectory, PUBLIC_FILE, replaceFile, syncDirectory } from '@docker-mtls/files';
import { ContextError } from '../error.ts';
import { currentContext, setCurrentContext } from './config-file.ts';
import { parseContextHost } from './context-host.ts';
import { withLock } from './lock.ts';
import { metaFile, metaFolder, metaRoot } from './paths.ts';
import { findContext, readContext } from './read-contexts.ts';
import { requireUsableTls } from './require-usable-tls.ts';
import { removeTls, repairTls, replaceTls } from './tls-files.ts';

export type NewContext = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly host: string;
  readonly tls?: ContextTls | undefined;
};

/** What is left out stays as it is: other than `docker context update`, a new host does not cost the certificates. */
export type ContextChange = {
  readonly description?: string | undefined;
  readonly host?: string | undefined;
  readonly tls?: ContextTls | undefined;
  /** `false` mends a context that was made to trust every engine. */
  readonly skipTlsVerify?: false | undefined;
};

/**
 * Makes a context, with the very files that `docker context create` makes. Codes: `CONTEXT_EXISTS`,
 * `CONTEXT_HOST_INVALID`, `CONTEXT_TLS_INVALID`, `CONTEXT_BUSY`, `BUNDLE_CONTEXT_INVALID` for the name.
 */
export function createContext(
  directory: string,
  { name, description = '', host, tls = {} }: NewContext,
): void {
  const context = {
    name: parseContextName(name),
    description,
    host: parseContextHost(host),
    skipTlsVerify: false,
    otherMetadata: {},
    otherEndpoints: {},
    tls,
  };
  requireUsableTls(tls);
  change(directory, () => {
    if (findContext(directory, name) !== undefined) throw exists(name);
    write(directory, context);
  });
}

/**
 * Changes a context, whoever made it; what we know nothing of stays. Returns whether anything changed. Codes:
 * `CONTEXT_NOT_FOUND` and those of `createContext`.
 */
export function updateContext(directory: string, name: string, wanted: ContextChange): boolean {
  if (wanted.tls !== undefined) requireUsableTls(wanted.tls);
  if (wanted.host !== undefined) parseContextHost(wanted.host);
  return change(directory, () => {
    const old = readContext(directory, name);
    const {
      description = old.description,
      host = old.host,
      tls = old.tls,
      skipTlsVerify = old.skipTlsVerify,
    } = wanted;
    const changed = { ...old, description, host, tls, skipTlsVerify };
    const isSame = packDockerContext(changed).equals(packDockerContext(old));
    if (!isSame) write(directory, changed, { keepTls: wanted.tls === undefined });
    return !isSame;
  });
}

/**
 * Removes a context. One that is in use only with `force`; then Docker's default is used. Codes: `CONTEXT_NOT_FOUND`,
 * `CONTEXT_IN_USE`, `CONTEXT_CONFIG_INVALID`, `CONTEXT_BUSY`, `BUNDLE_CONTEXT_INVALID` for the name.
 */
export function removeContext(directory: string, name: string, { force }: { readonly force: boolean }): void {
  const folder = metaFolder(directory, parseContextName(name));
  change(directory, () => {
    if (!fs.existsSync(folder)) readContext(directory, name);
    if (currentContext(directory) === name) {
      if (!force) throw inUse(name);
      setCurrentContext(directory, undefined);
    }
    explained('remove', folder, () => fs.rmSync(folder, { recursive: true, force: true }));
    removeTls(directory, name);
    syncDirectory(metaRoot(directory));
  });
}

/**
 * What `docker context use` does: for every terminal in which nothing else is said. `default` takes it back. Codes:
 * those of `readContext`, and `CONTEXT_CONFIG_INVALID`.
 */
export function useContext(directory: string, name: string): void {
  if (name !== 'default') readContext(directory, name);
  const wanted = name === 'default' ? undefined : name;
  if (currentContext(directory) === wanted) return;
  change(directory, () => setCurrentContext(directory, wanted));
}

/** A tar that `docker context import` takes, private key and all. Codes: those of `readContext`. */
export function exportContext(directory: string, name: string): Buffer {
  return packDockerContext(readContext(directory, name));
}

/**
 * Makes a context of what `exportContext` or the Docker CLI exported. Only what makes a connection is taken over: the
 * CLI hands other metadata to its own environment (`GODEBUG`), which is not for a sender to decide. Codes: those of
 * `createContext` and `readDockerContext`, and `CONTEXT_TLS_INVALID` for one that verifies no engine.
 */
export function importContext(directory: string, name: string, archive: Buffer): void {
  const { description, host, tls, skipTlsVerify } = readDockerContext(archive);
  if (skipTlsVerify) {
    throw new ContextError(
      'CONTEXT_TLS_INVALID',
      'the exported context switches off that the engine is verified',
      {
        hint: 'ask its sender for one with the engine’s CA in it',
      },
    );
  }
  createContext(directory, { name, description, host, tls });
}

function change<T>(directory: string, step: () => T): T {
  return withLock(directory, () => {
    repairTls(directory);
    return step();
  });
}

/** Certificates first: whoever finds the context finds them as well. */
function write(
  directory: string,
  context: DockerContext,
  { keepTls }: { readonly keepTls: boolean } = { keepTls: false },
): void {
  const folder = metaFolder(directory, context.name);
  const file = metaFile(directory, context.name);
  if (!keepTls) replaceTls(directory, context.name, context.tls);
  makeDirectory(folder, 0o755);
  replaceFile(file, encodeContextMetadata(context), PUBLIC_FILE);
  syncDirectory(metaRoot(directory));
}

function exists(name: string): ContextError {
  return new ContextError('CONTEXT_EXISTS', `there is a context ${name} already`, {
    hint: 'docker-mtls context update changes it; or choose another name',
  });
}

function inUse(name: string): ContextError {
  return new ContextError('CONTEXT_IN_USE', `the context ${name} is the one in use`, {
    hint: 'docker-mtls context use default first, or --force',
  });
}
