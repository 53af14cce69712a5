import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { explained } from '../file-error.ts';
import { namesIn } from '../look.ts';
import type { OpenDirectory } from '../open-directory.ts';

/** The link that names the generation in force. */
export const CURRENT = '.current';
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

/** The id in the name of a generation. */
export function generationIdOf(name: string): string {
  return name.slice('.gen-'.length);
}

export function generationPath(directory: string, id: string): string {
  return nodePath.join(directory, generationName(id));
}

/** The name of the link to a generation, before one rename puts it in force. */
export function nextName(id: string): string {
  return `.next-${id}`;
}

/** What the link of a published file holds: it is the same in each generation. */
export function publishedTarget(name: string): string {
  return nodePath.join(CURRENT, name);
}

/** The name of the generation in force; `undefined` in a folder of plain files. */
export function currentGeneration(directory: string): string | undefined {
  return asGeneration(linkTarget(nodePath.join(directory, CURRENT)));
}

export function currentIn(directory: OpenDirectory): string | undefined {
  return asGeneration(targetIn(directory, CURRENT));
}

/** Does this path lead into the generation in force? */
export function isPublishedLink(directory: string, name: string): boolean {
  return linkTarget(nodePath.join(directory, name)) === publishedTarget(name);
}

export function isPublishedIn(directory: OpenDirectory, name: string): boolean {
  return targetIn(directory, name) === publishedTarget(name);
}

/** Does a link to this generation wait to be put in force? */
export function isNextIn(directory: OpenDirectory, id: string): boolean {
  return targetIn(directory, nextName(id)) === generationName(id);
}

/** Has this generation been staged, and not been put in force yet? */
export function isGenerationStaged(directory: string, id: string): boolean {
  return linkTarget(nodePath.join(directory, nextName(id))) !== undefined;
}

export function generationsIn(directory: string): readonly string[] {
  return namesIn(directory).filter(isGenerationName);
}

export function isGenerationName(name: string): boolean {
  return GENERATION.test(name);
}

export function isUnplacedLinkName(name: string): boolean {
  return UNPLACED_LINK.test(name);
}

function asGeneration(target: string | undefined): string | undefined {
  return target !== undefined && isGenerationName(target) ? target : undefined;
}

function targetIn(directory: OpenDirectory, name: string): string | undefined {
  return linkTarget(nodePath.join(directory.path, name), directory.at(name));
}

/** `entry` leads to the same as `path`, which is for messages. */
function linkTarget(path: string, entry: string = path): string | undefined {
  try {
    return explained('read', path, () => fs.readlinkSync(entry));
  } catch (error) {
    // EINVAL: it is not a link; Windows reports UNKNOWN.
    const { cause } = error as Error;
    if (hasCode(error, 'FILE_NOT_FOUND') || hasCode(error, 'FILE_NOT_REGULAR')) return undefined;
    if (hasCode(cause, 'EINVAL') || hasCode(cause, 'UNKNOWN')) return undefined;
    throw error;
  }
}
