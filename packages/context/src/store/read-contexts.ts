import fs from 'node:fs';
import path from 'node:path';
import {
  decodeContextMetadata,
  parseContextName,
  type ContextMetadata,
  type DockerContext,
} from '@docker-mtls/bundle';
import { isMtlsError } from '@docker-mtls/errors';
import { explained, readFileIfExists } from '@docker-mtls/files';
import { ContextError } from '../error.ts';
import { contextId, metaRoot, tlsRoot } from './paths.ts';
import { readTls } from './tls-files.ts';

/** A folder in Docker's store that holds no context that anybody could use. */
export type UnreadableContext = { readonly file: string; readonly reason: string };

export type ContextList = {
  /** In the Docker CLI's order. */
  readonly contexts: readonly DockerContext[];
  /** One of them is enough for `docker context ls` to fail. */
  readonly unreadable: readonly UnreadableContext[];
};

const ATTEMPTS = 100;

/** Every context in the folder, whoever made it; `default` is none, it stands nowhere. */
export function listContexts(directory: string): ContextList {
  const contexts: DockerContext[] = [];
  const unreadable: UnreadableContext[] = [];
  for (const id of contextIds(directory)) {
    const file = path.join(metaRoot(directory), id, 'meta.json');
    const found = attempt(file, () => readById(directory, id));
    if (found === undefined) continue;
    if ('reason' in found) unreadable.push(found);
    else contexts.push(found);
  }
  // Made here because it takes milliseconds. Natural order: node2 before node10.
  const order = new Intl.Collator('en', { numeric: true });
  return { contexts: contexts.toSorted((a, b) => order.compare(a.name, b.name)), unreadable };
}

/** One context, as a whole. Codes: `CONTEXT_NOT_FOUND`, `CONTEXT_BUSY`, `BUNDLE_CONTEXT_INVALID`. */
export function readContext(directory: string, name: string): DockerContext {
  const context = findContext(directory, name);
  if (context !== undefined) return context;
  throw new ContextError('CONTEXT_NOT_FOUND', `there is no context ${name}`, {
    hint: 'docker-mtls context list shows those that there are, docker-mtls context create makes one',
  });
}

/** As `readContext`, but a context that is not there is `undefined`. */
export function findContext(directory: string, name: string): DockerContext | undefined {
  return readById(directory, contextId(parseContextName(name)));
}

function contextIds(directory: string): readonly string[] {
  const root = metaRoot(directory);
  if (!fs.existsSync(root)) return [];
  const entries = explained('read', root, () => fs.readdirSync(root, { withFileTypes: true }));
  // As the CLI: what a file manager leaves beside the folders is no context.
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function attempt<T>(file: string, read: () => T): T | UnreadableContext {
  try {
    return read();
  } catch (error) {
    if (isMtlsError(error)) return { file, reason: error.message };
    throw error;
  }
}

/**
 * Both parts of a context, of one and the same state of it: when a writer was at it meanwhile, they are read again. No
 * lock, because a folder that may only be read has contexts too.
 */
function readById(directory: string, id: string): DockerContext | undefined {
  for (let i = 0; i < ATTEMPTS; i++) {
    const before = stateOf(directory, id);
    const context = readOnce(directory, id);
    if (before === stateOf(directory, id)) return context;
  }
  throw new ContextError('CONTEXT_BUSY', 'a context changes faster than it can be read', {
    hint: 'find out what writes to Docker’s contexts all the time',
  });
}

function readOnce(directory: string, id: string): DockerContext | undefined {
  const data = readFileIfExists(path.join(metaRoot(directory), id, 'meta.json'));
  if (data === undefined) return undefined;
  const metadata = decodeContextMetadata(data);
  requireOwnFolder(metadata, id);
  return { ...metadata, tls: readTls(directory, metadata.name) };
}

function requireOwnFolder({ name }: ContextMetadata, id: string): void {
  if (contextId(parseContextName(name)) === id) return;
  throw new ContextError('CONTEXT_NOT_FOUND', `the folder ${id} belongs to no context of the name ${name}`, {
    hint: 'move that folder away: Docker cannot use it either',
  });
}

/** What changes when either part is put in place anew. */
function stateOf(directory: string, id: string): string {
  const parts = [
    path.join(metaRoot(directory), id, 'meta.json'),
    path.join(tlsRoot(directory), id, 'docker'),
  ];
  return parts.map(identity).join(' ');
}

function identity(file: string): string {
  const stats = explained('read', file, () => fs.statSync(file, { throwIfNoEntry: false, bigint: true }));
  return stats === undefined ? '-' : `${stats.ino}/${stats.mtimeNs}/${stats.ctimeNs}`;
}
