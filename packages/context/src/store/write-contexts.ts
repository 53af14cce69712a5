import {
  encodeContextMetadata,
  parseContextName,
  packDockerContext,
  type ContextMetadata,
  type ContextTls,
} from '@docker-mtls/bundle';
import {
  makeDirectory,
  PUBLIC_FILE,
  removeFile,
  removeFolder,
  replaceFile,
  exists as isThere,
} from '@docker-mtls/files';
import { quote } from '@docker-mtls/errors';
import { ContextError } from '../error.ts';
import { currentContext, setCurrentContext } from './config-file.ts';
import { isTcpHost, parseContextHost } from './context-host.ts';
import { withContextLock } from './lock.ts';
import { metaFile, metaFolder, tlsFolder, tlsRoot } from './paths.ts';
import { findContext, readContext } from './read-contexts.ts';
import { requireUsableTls } from './require-usable-tls.ts';
import { isUnfinished, markUnfinished, removeMarked, repairContexts, unmark } from './repair.ts';
import { createTls, replaceTls } from './tls-files.ts';

export type NewContext = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly host: string;
  readonly tls?: ContextTls | undefined;
};

/** What is omitted stays as it is: unlike `docker context update`, a new host does not drop the certificates. */
export type ContextChange = {
  readonly description?: string | undefined;
  readonly host?: string | undefined;
  /** All three: a context never loses its TLS, which would send everything in clear. */
  readonly tls?: Required<ContextTls> | undefined;
  /** `false` repairs a context that was made to trust every engine. */
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
  requireTlsFor(context, Object.keys(tls).length > 0);
  change(directory, () => {
    if (findContext(directory, name) !== undefined) throw exists(name);
    // A reader that finds the context finds its certificates as well.
    createTls(directory, name, tls);
    writeMetadata(directory, context);
    unmark(directory, name);
  });
}

/**
 * Changes a context, also one made by docker; what we know nothing of stays. Returns whether anything changed. Codes:
 * `CONTEXT_NOT_FOUND` and those of `createContext`.
 */
export function updateContext(directory: string, name: string, wanted: ContextChange): boolean {
  if (wanted.tls !== undefined) requireUsableTls(wanted.tls);
  if (wanted.host !== undefined) parseContextHost(wanted.host);
  return change(directory, () => {
    const old = readContext(directory, name);
    const { description = old.description, host = old.host, skipTlsVerify = old.skipTlsVerify } = wanted;
    const changed = { ...old, description, host, skipTlsVerify, tls: wanted.tls ?? old.tls };
    if (wanted.host !== undefined) requireTlsFor(changed, wanted.tls !== undefined || old.usesTls);
    const isSame = packDockerContext(changed).equals(packDockerContext(old));
    if (isSame) return false;
    if (wanted.tls !== undefined) replaceTls(directory, name, wanted.tls);
    if (encodeContextMetadata(changed) !== encodeContextMetadata(old)) writeMetadata(directory, changed);
    return true;
  });
}

/**
 * Removes a context. One that is in use only with `force`; then Docker's default is used. Codes: `CONTEXT_NOT_FOUND`,
 * `CONTEXT_IN_USE`, `CONTEXT_CONFIG_INVALID`, `CONTEXT_BUSY`, `BUNDLE_CONTEXT_INVALID` for the name.
 */
export function removeContext(directory: string, name: string, { force }: { readonly force: boolean }): void {
  const folder = metaFolder(directory, parseContextName(name));
  withContextLock(directory, () => {
    const wasInterrupted = isUnfinished(directory, name);
    repairContexts(directory);
    if (!isThere(folder) && wasInterrupted) return;
    if (!isThere(folder)) readContext(directory, name);
    if (currentContext(directory) === name) {
      if (!force) throw inUse(name);
      setCurrentContext(directory, undefined);
    }
    markUnfinished(directory, name);
    // Nobody finds the context from here on: without its certificates, the Docker CLI would speak plain HTTP.
    removeFile(metaFile(directory, name));
    removeFolder(folder);
    removeMarked(tlsFolder(directory, name));
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

/** Finishes or takes back what a process that was killed left half done, in all contexts. Code: `CONTEXT_BUSY`. */
export function repairInterrupted(directory: string): void {
  if (isThere(tlsRoot(directory))) change(directory, () => undefined);
}

function change<T>(directory: string, step: () => T): T {
  return withContextLock(directory, () => {
    repairContexts(directory);
    return step();
  });
}

function writeMetadata(directory: string, context: ContextMetadata): void {
  makeDirectory(metaFolder(directory, context.name));
  replaceFile(metaFile(directory, context.name), encodeContextMetadata(context), PUBLIC_FILE);
}

function requireTlsFor({ name, host }: ContextMetadata, usesTls: boolean): void {
  if (usesTls || !isTcpHost(host)) return;
  throw new ContextError(
    'CONTEXT_TLS_INVALID',
    `the context ${name} would have no certificates, so Docker would speak plain HTTP to ${quote(host)}`,
    { hint: 'name the client whose certificate it uses (--client)' },
  );
}

function exists(name: string): ContextError {
  return new ContextError('CONTEXT_EXISTS', `context ${quote(name)} already exists`, {
    hint: 'change it with docker-mtls context update, or choose another name',
  });
}

function inUse(name: string): ContextError {
  return new ContextError('CONTEXT_IN_USE', `context ${quote(name)} is in use`, {
    hint: 'run docker-mtls context use default first, or add --force',
  });
}
