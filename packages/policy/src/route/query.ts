/** The first value of each key, as the engine reads them (http.Request.Form.Get). */
export type Query = ReadonlyMap<string, string>;

/** As Go's url.ParseQuery. Undefined for what that refuses: the engine answers 400, after it asked the plugin. */
export function parseQuery(text: string): Query | undefined {
  const query = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = unescape(equals === -1 ? pair : pair.slice(0, equals));
    const value = unescape(equals === -1 ? '' : pair.slice(equals + 1));
    if (pair.includes(';') || key === undefined || value === undefined) return undefined;
    if (!query.has(key)) query.set(key, value);
  }
  return query;
}

/** Undefined for a bad escape, and for bytes that are not UTF-8. */
function unescape(text: string): string | undefined {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}
