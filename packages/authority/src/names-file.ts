import { parseClientName, parseGroupName, parseSubjectAltName } from '@docker-mtls/ca';
import type { SubjectAltName } from '@docker-mtls/ca';
import { isMtlsError } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import { foldFolderName } from '@docker-mtls/ca-directory';
import { AuthorityError } from './error.ts';

/** What one line of a list names. */
export type ListedPair = { readonly line: number; readonly name: string };

/** A client of a list, with the line that names it. */
export type ListedClient = ListedPair & { readonly groups: readonly string[] };

/** A server of a list, and every name that its line gives it, that name first. */
export type ListedServer = ListedPair & { readonly sans: readonly SubjectAltName[] };

const NO_GROUPS: readonly string[] = [];

/**
 * Reads a list of clients: one name per line, followed by the client's groups, separated by spaces or commas; empty
 * lines and comments after `#` are skipped. One bad line makes the whole list invalid. Code: `NAMES_INVALID`.
 */
export function readNames(file: string): readonly ListedClient[] {
  return readList(file, (line, [name = '', ...groups]) => ({
    line,
    name: parseClientName(name),
    groups: groups.length === 0 ? NO_GROUPS : [...new Set(groups.map(parseGroupName))],
  }));
}

/** The same of servers: a DNS name or an address on each line, followed by the others that the server has. */
export function readServerNames(
  file: string,
  options: { readonly wildcard: boolean },
): readonly ListedServer[] {
  return readList(file, (line, words) => {
    const sans = words.map((word) => parseSubjectAltName(word, options));
    return { line, name: sans[0]?.value ?? '', sans };
  });
}

type ParseLine<Pair> = (line: number, words: readonly string[]) => Pair;

function readList<Pair extends ListedPair>(file: string, parse: ParseLine<Pair>): readonly Pair[] {
  const unreadable: LineProblem[] = [];
  const pairs: Pair[] = [];
  for (const { line, words } of linesOf(file)) {
    try {
      pairs.push(parse(line, words));
    } catch (error) {
      if (!isMtlsError(error)) throw error;
      unreadable.push({ line, says: error.message, hint: error.hint });
    }
  }
  const problems = [...unreadable, ...twins(pairs)];
  if (problems.length > 0) throw namesInvalid(file, problems);
  if (pairs.length === 0) throw invalid(`${file} contains no names`, 'write one name on each line');
  return pairs;
}

/** What is wrong with one line of a list. */
export type LineProblem = {
  readonly line: number;
  readonly says: string;
  readonly hint?: string | undefined;
};

/** The first line that is wrong, and how many more there are. */
export function namesInvalid(file: string, problems: readonly LineProblem[]): AuthorityError {
  const [first, ...others] = problems.toSorted((one, other) => one.line - other.line);
  if (first === undefined) throw new Error('a list was refused, and nothing is wrong with it');
  const lines = others.slice(0, SHOWN).map(({ line }) => line);
  const rest = lines.length === 0 ? '' : `; also wrong: line ${lines.join(', ')}`;
  const more = others.length > SHOWN ? ` and ${others.length - SHOWN} more` : '';
  return invalid(`${file}, line ${first.line}: ${first.says}${rest}${more}`, first.hint);
}

/** An error is one line. */
const SHOWN = 10;

function invalid(message: string, hint?: string): AuthorityError {
  return new AuthorityError('NAMES_INVALID', message, hint === undefined ? {} : { hint });
}

type Line = { readonly line: number; readonly words: readonly string[] };

/** One after the other: there may be a hundred thousand. */
function* linesOf(file: string): Generator<Line> {
  for (const [index, text] of decode(file).split(/\r?\n/).entries()) {
    const words = wordsOf(text.replace(/#.*/s, ''));
    if (words.length > 0) yield { line: index + 1, words };
  }
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[ \t,]+/).filter((word) => word !== '');
}

/** A byte order mark, as Windows' editors write it, is no part of the first name. */
function decode(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFile(file));
  } catch (error) {
    if (isMtlsError(error)) throw error;
    throw invalid(`${file} is not UTF-8 text`, 'save it as UTF-8, one name on each line');
  }
}

/** The same name twice, or two that some file system would take for the same. */
function twins(pairs: readonly ListedPair[]): readonly LineProblem[] {
  const first = new Map<string, ListedPair>();
  const problems: LineProblem[] = [];
  for (const pair of pairs) {
    const key = foldFolderName(pair.name);
    const other = first.get(key);
    if (other === undefined) first.set(key, pair);
    else problems.push(twin(pair, other));
  }
  return problems;
}

function twin({ line, name }: ListedPair, other: ListedPair): LineProblem {
  const says =
    other.name === name
      ? `${JSON.stringify(name)} stands on line ${other.line} already`
      : `${JSON.stringify(name)} differs from ${JSON.stringify(other.name)} on line ${other.line} in the form of its letters only`;
  return { line, says, hint: 'give each name one line' };
}
