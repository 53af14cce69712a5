import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { explained } from '../file-error.ts';

/** The link that names the generation in force. */
const CURRENT = '.current';
const GENERATION = /^\.gen-[\da-z]{1,64}$/u;
/** Links that are renamed to their final name in the same system call that publishes them. */
const UNPLACED_LINK = /^\.(?:next|link)-[\da-z]{1,64}$/u;

export function newGenerationId(): string {
  return randomBytes(8).toString('hex');
}

export function generationName(id: string): string {
  const name = `.gen-${id}`;
  if (!GENERATION.test(name)) throw new Error('a generation is named by lower-case letters and digits');
  return name;
}

export function generationPath(directory: string, id: string): string {
  return nodePath.join(directory, generationName(id));
}

export function currentPath(directory: string): string {
  return nodePath.join(directory, CURRENT);
}

/** Where the link to a generation is made, before one rename puts it in force. */
export function nextPath(directory: string, id: string): string {
  return nodePath.join(directory, `.next-${id}`);
}

/** What the link of a published file holds: it is the same in each generation. */
export function publishedTarget(name: string): string {
  return nodePath.join(CURRENT, name);
}

/** The name of the generation in force; `undefined` in a folder of plain files. */
export function currentGeneration(directory: string): string | undefined {
  const target = linkTarget(currentPath(directory));
  return target !== undefined && GENERATION.test(target) ? target : undefined;
}

/** Does this path lead into the generation in force? */
export function isPublishedLink(directory: string, name: string): boolean {
  return linkTarget(nodePath.join(directory, name)) === publishedTarget(name);
}

/** Has this generation been staged, and not been put in force yet? */
export function isGenerationStaged(directory: string, id: string): boolean {
  return linkTarget(nextPath(directory, id)) !== undefined;
}

export function generationsIn(directory: string): readonly string[] {
  return namesIn(directory).filter((name) => GENERATION.test(name));
}

export function unplacedLinksIn(directory: string): readonly string[] {
  return namesIn(directory).filter((name) => UNPLACED_LINK.test(name));
}

function namesIn(directory: string): readonly string[] {
  try {
    return explained('read', directory, () => fs.readdirSync(directory));
  } catch (error) {
    if (hasCode(error, 'FILE_NOT_FOUND')) return [];
    throw error;
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return explained('read', path, () => fs.readlinkSync(path));
  } catch (error) {
    // EINVAL: it is not a link; Windows reports UNKNOWN.
    const { cause } = error as Error;
    if (hasCode(error, 'FILE_NOT_FOUND') || hasCode(error, 'FILE_NOT_REGULAR')) return undefined;
    if (hasCode(cause, 'EINVAL') || hasCode(cause, 'UNKNOWN')) return undefined;
    throw error;
  }
}
