/** The path as the engine's router sees it, and the query as it was sent. */
export type RequestTarget = { readonly path: string; readonly query: string };

/** net/url takes any scheme in an absolute request line, and the engine routes by the path alone. */
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*/;
/** Every byte that a request line can hold and that no name in the engine's API needs more than. */
const PRINTABLE = /^[\x21-\x7e]+$/;
const NAMEABLE = /^[\x20-\x7e]+$/;
const ESCAPE = /%[0-9A-Fa-f]{2}/g;

/**
 * Splits a request target like Go's url.ParseRequestURI and gorilla/mux's cleanPath. Undefined where the engine answers
 * 400 or a redirect itself, and for what no client has a reason to send: a `#` (part of the path for Go, the end of it
 * for everyone else) and names that are not ASCII.
 */
export function parseRequestTarget(target: string): RequestTarget | undefined {
  if (!PRINTABLE.test(target)) return undefined;
  const mark = target.indexOf('?');
  const beforeQuery = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  if (beforeQuery.includes('#')) return undefined;
  const encoded = beforeQuery.startsWith('/') ? beforeQuery : withoutAuthority(beforeQuery);
  const path = encoded === undefined ? undefined : decodePath(encoded);
  return path === undefined || !isClean(path) ? undefined : { path, query };
}

function withoutAuthority(target: string): string | undefined {
  const [prefix] = ABSOLUTE.exec(target) ?? [];
  return prefix === undefined ? undefined : target.slice(prefix.length);
}

/** One decoding, as Go does it: `%2f` becomes a slash that separates, `%2525` becomes `%25`. */
function decodePath(encoded: string): string | undefined {
  if (!encoded.includes('%')) return encoded;
  if (encoded.replaceAll(ESCAPE, '').includes('%')) return undefined;
  const decoded = encoded.replaceAll(ESCAPE, (escape) =>
    String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
  );
  return NAMEABLE.test(decoded) ? decoded : undefined;
}

/** The router redirects every other path before it asks a plugin. */
function isClean(path: string): boolean {
  return path.startsWith('/') && !path.includes('//') && !/\/\.\.?(?:\/|$)/.test(path);
}
