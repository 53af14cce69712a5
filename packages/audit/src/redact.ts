/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'set-cookie',
  'x-registry-auth',
  'x-registry-config',
]);

/** Members whose value is secret wherever they stand, in lower case. */
const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  'auth',
  'data',
  'identitytoken',
  'jointoken',
  'jointokens',
  'manager',
  'password',
  'registrytoken',
  'secret',
  'signingcakey',
  'unlockkey',
  'worker',
]);
/** Lists or maps of `NAME=value`, of which the names are kept. */
const ASSIGNMENTS: ReadonlySet<string> = new Set(['buildargs', 'driveropts', 'env', 'options', 'pluginenv']);
const SECRET_PARAMETERS: ReadonlySet<string> = new Set([
  'buildargs',
  'changes',
  'remote',
  'fromsrc',
  'unlockkey',
]);

const LONGEST_TEXT = 1024;
const DEEPEST = 32;
/** Characters of headers with their names. The engine takes up to 1 MiB of them from any client, and 150,000 names. */
const MOST_HEADER_TEXT = 64 * 1024;

/**
 * The values of headers that carry credentials are replaced. Names are kept as far as there is room for them; a last entry
 * says how many there are besides.
 */
export function redactHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const shown: [string, string][] = [];
  const entries = Object.entries(headers);
  let room = MOST_HEADER_TEXT;
  for (const [name, value] of entries) {
    const text = SECRET_HEADERS.has(name.toLowerCase()) ? REDACTED : cut(value);
    room -= Math.min(name.length, LONGEST_TEXT) + text.length;
    if (room < 0) break;
    shown.push([cut(name), text]);
  }
  const more = entries.length - shown.length;
  return Object.fromEntries(more === 0 ? shown : [...shown, ['…', `${more} more`]]);
}

/** Replaces the parameters that can carry credentials, and the user of an absolute address. */
export function redactUri(uri: string): string {
  const mark = uri.indexOf('?');
  const path = (mark === -1 ? uri : uri.slice(0, mark)).replace(
    /^([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^/@]*@/,
    `$1${REDACTED}@`,
  );
  if (mark === -1) return cut(path);
  const parameters = uri
    .slice(mark + 1)
    // What comes after so many is cut anyway.
    .split('&', LONGEST_TEXT + 1)
    .map((pair) =>
      SECRET_PARAMETERS.has(nameOf(pair)) ? `${pair.split('=', 1)[0] ?? ''}=${REDACTED}` : pair,
    );
  return cut(`${path}?${parameters.join('&')}`);
}

/** As the engine reads it: an escaped name is the same name. */
function nameOf(pair: string): string {
  const [name = ''] = pair.split('=', 1);
  try {
    return decodeURIComponent(name.replaceAll('+', ' ')).toLowerCase();
  } catch {
    return name.toLowerCase();
  }
}

/**
 * A copy of a parsed body without environment values, credentials, data of secrets and configs, tokens and keys. Long text is
 * cut. At the top, `settings` is for operations whose whole body is a list of `NAME=value`.
 */
export function redactBody(
  body: unknown,
  { settings = false }: { readonly settings?: boolean } = {},
): unknown {
  return settings ? withoutValues(body) : redactValue(body, 0);
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cut(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return REDACTED;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, redactMember(fold(name), member, depth)]),
  );
}

function redactMember(name: string, value: unknown, depth: number): unknown {
  if (SECRET_MEMBERS.has(name)) return value === null || value === '' ? value : REDACTED;
  if (name === 'logconfig') return withoutOptions(value, depth);
  return ASSIGNMENTS.has(name) ? withoutValues(value) : redactValue(value, depth + 1);
}

/** The options of a log driver, such as a token, have a name there that is no secret's elsewhere. */
function withoutOptions(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return redactValue(value, depth + 1);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      fold(name) === 'config' ? withoutValues(member) : redactMember(fold(name), member, depth + 1),
    ]),
  );
}

/** The names alone: of `["A=b"]` it keeps `A`, of `{"A": "b"}` as well. */
function withoutValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutValue);
  if (typeof value !== 'object' || value === null) return value === null ? value : REDACTED;
  return Object.fromEntries(Object.keys(value).map((name) => [name, REDACTED]));
}

function withoutValue(item: unknown): unknown {
  if (typeof item !== 'string') return REDACTED;
  const equals = item.indexOf('=');
  return equals === -1 ? cut(item) : `${cut(item.slice(0, equals))}=${REDACTED}`;
}

/** As encoding/json compares names: the engine reads `\u017fecret` as `secret`. */
function fold(name: string): string {
  return name.replaceAll('\u017f', 's').replaceAll('\u212a', 'k').toLowerCase();
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
