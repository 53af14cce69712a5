import fs from 'node:fs';
import path from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import {
  explainFileError,
  makeDirectory,
  PRIVATE_DIRECTORY,
  PRIVATE_FILE,
  readFileIfExists,
  replaceFile,
  statIfExists,
} from '@docker-mtls/files';
import { ContextError } from '../error.ts';
import { membersOf } from './json-member.ts';
import { configFile } from './paths.ts';

const KEY = 'currentContext';
// docker/cli cli/config/configfile/file.go: the fields of ConfigFile that it writes behind this one.
const BEHIND = ['cliPluginsExtraDirs', 'plugins', 'aliases', 'features', 'experimental'];
const LARGEST = 16 * 1024 * 1024;
// A character for each byte, so that also those that are no UTF-8 stay: what is looked for is ASCII.
const BYTES = 'latin1';

/** The context that `docker context use` chose; `undefined` is Docker's default. Code: `CONTEXT_CONFIG_INVALID`. */
export function currentContext(directory: string): string | undefined {
  const text = readText(directory);
  if (text === undefined) return undefined;
  const member = find(text, directory);
  const value =
    member === undefined ? '' : (JSON.parse(text.slice(member.valueStart, member.valueEnd)) as unknown);
  if (typeof value !== 'string') throw invalid(directory, `${KEY} is not a string`);
  return value === '' ? undefined : value;
}

/**
 * Writes the choice into `config.json`. Every other byte of the file stays: its logins, its indentation, and what the
 * Docker CLI does not know (and would drop). Needs the lock.
 */
export function setCurrentContext(directory: string, name: string | undefined): void {
  const text = readText(directory) ?? '{\n\t"auths": {}\n}';
  write(directory, edit(text, directory, name));
}

function edit(text: string, directory: string, name: string | undefined): string {
  const member = find(text, directory);
  if (name === undefined) return member === undefined ? text : without(text, member);
  if (member === undefined) return withMember(text, `"${KEY}": ${JSON.stringify(name)}`);
  return text.slice(0, member.valueStart) + JSON.stringify(name) + text.slice(member.valueEnd);
}

type Member = ReturnType<typeof membersOf>[number];

/** With the comma behind it; or, of the last member, the one before it. */
function without(text: string, { start, valueEnd }: Member): string {
  const [behind = ''] = /^\s*,\s*/.exec(text.slice(valueEnd)) ?? [];
  if (behind !== '') return text.slice(0, start) + text.slice(valueEnd + behind.length);
  const before = text.slice(0, start).replace(/,?\s*$/, '');
  return before + text.slice(valueEnd);
}

/** Where the Docker CLI would put it, indented like what is there. */
function withMember(text: string, member: string): string {
  const members = membersOf(text);
  const next = members.find(({ key }) => BEHIND.includes(key));
  const indent = /^\{(\s*)"/.exec(text.trimStart())?.[1] ?? '';
  if (next !== undefined) return `${text.slice(0, next.start)}${member},${indent}${text.slice(next.start)}`;
  const last = members.at(-1);
  if (last === undefined) return `{\n\t${member}\n}`;
  return `${text.slice(0, last.valueEnd)},${indent}${member}${text.slice(last.valueEnd)}`;
}

/** Go finds the field whatever its case is, so a second spelling would be a second opinion. */
function find(text: string, directory: string): Member | undefined {
  const found = membersOf(text).filter(({ key }) => key.toLowerCase() === KEY.toLowerCase());
  if (found.length > 1) throw invalid(directory, `it has ${KEY} twice`);
  return found[0];
}

/** The text of a `config.json` that holds an object; an empty file counts as none, as it does for the CLI. */
function readText(directory: string): string | undefined {
  const text = readFileIfExists(configFile(directory), LARGEST)?.toString(BYTES);
  if (text === undefined || text.trim() === '') return undefined;
  if (!isObject(text)) throw invalid(directory, 'it is not a JSON object');
  return text;
}

function isObject(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json);
  } catch {
    return false;
  }
}

function write(directory: string, text: string): void {
  const file = realFile(configFile(directory));
  const stats = statIfExists(file);
  makeDirectory(path.dirname(file), PRIVATE_DIRECTORY);
  replaceFile(file, Buffer.from(text, BYTES), stats ?? PRIVATE_FILE);
}

/** Where a link leads, also one to a file that is not there yet: people keep their configuration elsewhere. */
function realFile(file: string): string {
  try {
    return realFile(path.resolve(path.dirname(file), fs.readlinkSync(file)));
  } catch (error) {
    if (hasCode(error, 'EINVAL') || hasCode(error, 'ENOENT')) return file;
    throw explainFileError(error, 'read', file);
  }
}

function invalid(directory: string, reason: string): ContextError {
  return new ContextError('CONTEXT_CONFIG_INVALID', `${configFile(directory)} cannot be used: ${reason}`, {
    hint: 'fix the file; the docker command itself cannot read it as it is, or reads it in its own way',
  });
}
