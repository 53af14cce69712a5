/** Anything that JSON can hold. */
export type GoJson =
  null | boolean | number | string | readonly GoJson[] | { readonly [key: string]: GoJson };

const ESCAPES: Readonly<Record<string, string>> = {
  '<': String.raw`\u003c`,
  '>': String.raw`\u003e`,
  '&': String.raw`\u0026`,
  '\u2028': String.raw`\u2028`,
  '\u2029': String.raw`\u2029`,
};

/**
 * JSON as Go's `encoding/json` writes a map, and so as the Docker CLI does: the keys sorted by their bytes, no
 * spaces, and what HTML would mistake escaped.
 */
export function toGoJson(value: GoJson): string {
  return escapeHtml(written(value));
}

/** Has it more than that many lists and objects within each other? Looked at level by level, which takes no stack. */
export function isDeeperThan(levels: number, value: GoJson): boolean {
  let within = [value].filter(isNest);
  for (let level = 0; level < levels && within.length > 0; level += 1)
    within = within.flatMap((nest) => Object.values<GoJson>(nest)).filter(isNest);
  return within.length > 0;
}

type Nest = Extract<GoJson, object>;

function isNest(value: GoJson): value is Nest {
  return typeof value === 'object' && value !== null;
}

/** What Go escapes beyond what `JSON.stringify` does. */
function escapeHtml(json: string): string {
  return json.replaceAll(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character] ?? character);
}

/** Member by member: in a JavaScript object, names that are numbers would come first. */
function written(value: GoJson): string {
  if (isList(value)) return `[${value.map(written).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${written(member)}`).join(',')}}`;
}

function isList(value: GoJson): value is readonly GoJson[] {
  return Array.isArray(value);
}
