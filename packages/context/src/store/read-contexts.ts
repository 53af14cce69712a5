import fs from 'node:fs';
import path from 'node:path';
import {
  decodeContextMetadata,
  parseContextName,
  TLS_FILES,
  type ContextMetadata,
  type DockerContext,
} from '@docker-mtls/bundle';
import { hasCode, orRefused, quote } from '@docker-mtls/errors';
import { exists, explained, readFileIfExists } from '@docker-mtls/files';
import { ContextError } from '../error.ts';
import { contextId, metaRoot, tlsRoot } from './paths.ts';
import { isPending } from './pending-tls.ts';
import { hasTlsFolder, readTls, strayFiles } from './tls-files.ts';

/** A context with what only its place in Docker's store says. */
export type StoredContext = DockerContext & {
  /** Otherwise the Docker CLI speaks plain HTTP to its engine. */
  readonly usesTls: boolean;
  /** Names next to its PEM files that the Docker CLI warns of. */
  readonly strayFiles: readonly string[];
};

/** A folder in Docker's store that holds no context that anybody could use. */
export type UnreadableContext = { readonly file: string; readonly reason: string };

export type ContextList = {
  /** In the Docker CLI's order. */
  readonly contexts: readonly StoredContext[];
  /** One of them is enough for `docker context ls` to fail. */
  readonly unreadable: readonly UnreadableContext[];
};

const ATTEMPTS = 100;
const WAITS = 50;
const WAIT_MILLISECONDS = 5;

/** Every context in the folder, also those made by docker; `default` is none, it stands nowhere. */
export function listContexts(directory: string): ContextList {
  const contexts: StoredContext[] = [];
  const unreadable: UnreadableContext[] = [];
  for (const id of contextIds(directory)) {
    const file = path.join(metaRoot(directory), id, 'meta.json');
    const found = orRefused(
      () => readById(directory, id),
      ({ message }): UnreadableContext => ({ file, reason: message }),
    );
    if (found === undefined) continue;
    if ('reason' in found) unreadable.push(found);
    else contexts.push(found);
  }
  // Made here because it takes milliseconds. Natural order: node2 before node10.
  const order = new Intl.Collator('en', { numeric: true });
  return { contexts: contexts.toSorted((a, b) => order.compare(a.name, b.name)), unreadable };
}

/** One context, as a whole. Codes: `CONTEXT_NOT_FOUND`, `CONTEXT_BUSY`, `BUNDLE_CONTEXT_INVALID`. */
export function readContext(directory: string, name: string): StoredContext {
  const context = findContext(directory, name);
  if (context !== undefined) return context;
  throw new ContextError('CONTEXT_NOT_FOUND', `context ${quote(name)} not found`, {
    hint: 'list the contexts with docker-mtls context list, or make one with docker-mtls context create',
  });
}

/** As `readContext`, but a context that is not there is `undefined`. */
export function findContext(directory: string, name: string): StoredContext | undefined {
  return readById(directory, contextId(parseContextName(name)));
}

function contextIds(directory: string): readonly string[] {
  const root = metaRoot(directory);
  if (!exists(root)) return [];
  const entries = explained('read', root, () => fs.readdirSync(root, { withFileTypes: true }));
  // As the CLI: what a file manager leaves beside the folders is no context.
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/**
 * Both parts of a context, of one and the same state of it: when a writer changed it meanwhile, they are read again. No
 * lock, because a folder that may only be read has contexts too.
 */
function readById(directory: string, id: string): StoredContext | undefined {
  for (let i = 0; i < ATTEMPTS; i++) {
    const before = stateOf(directory, id);
    const context = readOnce(directory, id);
    if (before === stateOf(directory, id) && !isChanging(directory, id, i)) return context;
  }
  throw new ContextError('CONTEXT_BUSY', 'a context changes faster than it can be read', {
    hint: 'find out which program keeps writing to the contexts of Docker',
  });
}

/** New files that still wait after a while were left by a process that was killed: the Docker CLI reads what is in place. */
function isChanging(directory: string, id: string, waited: number): boolean {
  if (waited >= WAITS || !isPending(path.join(tlsRoot(directory), id))) return false;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MILLISECONDS);
  return true;
}

function readOnce(directory: string, id: string): StoredContext | undefined {
  const data = readFileIfExists(path.join(metaRoot(directory), id, 'meta.json'));
  if (data === undefined) return undefined;
  const metadata = decodeContextMetadata(data);
  requireOwnFolder(metadata, id);
  const { name, skipTlsVerify } = metadata;
  return {
    ...metadata,
    tls: readTls(directory, name),
    usesTls: skipTlsVerify || hasTlsFolder(directory, name),
    strayFiles: strayFiles(directory, name),
  };
}

function requireOwnFolder({ name }: ContextMetadata, id: string): void {
  if (contextId(parseContextName(name)) === id) return;
  throw new ContextError('CONTEXT_NOT_FOUND', `the folder ${id} belongs to no context of the name ${name}`, {
    hint: 'move that folder away: Docker cannot use it either',
  });
}

/** What changes when any of the files is replaced. */
function stateOf(directory: string, id: string): string {
  const folder = path.join(tlsRoot(directory), id, 'docker');
  const files = Object.values(TLS_FILES).map((file) => path.join(folder, file));
  return [path.join(metaRoot(directory), id, 'meta.json'), folder, ...files].map(identity).join(' ');
}

function identity(file: string): string {
  return explained('read', file, () => {
    try {
      const { ino, mtimeNs, ctimeNs } = fs.statSync(file, { bigint: true });
      return `${ino}/${mtimeNs}/${ctimeNs}`;
    } catch (error) {
      // Where a file has the name of the folder, nothing can be in it.
      if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return '-';
      throw error;
    }
  });
}
