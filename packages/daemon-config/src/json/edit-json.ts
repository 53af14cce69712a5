import type { JsonArray, JsonMember, JsonObject, Span } from './json-node.ts';

/** Text that takes the place of [start, end). */
export type Splice = Span & { readonly text: string };

const LINE_END = /\r\n|\n|\r/;
const INDENT = '  ';

/** Puts the splices, which must not overlap, into the text. */
export function splice(text: string, splices: readonly Splice[]): string {
  const ordered = splices.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let offset = 0;
  for (const { start, end, text: insert } of ordered) {
    result += text.slice(offset, start) + insert;
    offset = end;
  }
  return result + text.slice(offset);
}

/** Adds members behind the last one, looking as it does; an empty object gets a line for each. */
export function appendMembers(
  text: string,
  object: JsonObject,
  members: Readonly<Record<string, string>>,
): Splice[] {
  const last = object.members.at(-1);
  const colon = last === undefined ? ': ' : colonOf(text, last);
  const items = Object.entries(members).map(([key, value]) => `${JSON.stringify(key)}${colon}${value}`);
  if (items.length === 0) return [];
  if (last === undefined) return [{ ...inside(object), text: ownLines(text, items) }];
  return [appendItems(text, object, { siblings: object.members, items })];
}

/** Takes the items at `removed` out of a list and puts the new ones in: in their places first, then at the end. */
export function editItems(
  text: string,
  array: JsonArray,
  edit: { removed: ReadonlySet<number>; added: readonly string[] },
): Splice[] {
  const { items } = array;
  if (items.length === 0) return [{ ...inside(array), text: edit.added.join(`,${oneLineGap(text)}`) }];
  const places = [...edit.removed].toSorted((a, b) => a - b);
  const replaced = places.slice(0, edit.added.length);
  const rest = edit.added.slice(replaced.length);
  const replacements = replaced.flatMap((index, n) => {
    const item = items[index];
    return item === undefined ? [] : [{ start: item.start, end: item.end, text: edit.added[n] ?? '' }];
  });
  const removals = removeItems(items, new Set(places.slice(replaced.length)));
  const appended = rest.length === 0 ? [] : [appendItems(text, array, { siblings: items, items: rest })];
  return [...replacements, ...removals, ...appended];
}

/** A list written on one line, as dense as the rest of the file. */
export function formatList(text: string, values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(`,${oneLineGap(text)}`)}]`;
}

/** A whole new file: two spaces, a line for each key, a line end at the end. */
export function newObject(members: Readonly<Record<string, string>>): string {
  const items = Object.entries(members).map(([key, value]) => `${JSON.stringify(key)}: ${value}`);
  return `{${ownLines('', items)}}\n`;
}

function appendItems(
  text: string,
  container: Span,
  { siblings, items }: { siblings: readonly Span[]; items: readonly string[] },
): Splice {
  const last = siblings.at(-1) ?? container;
  const before = siblings.at(-2);
  const gap = gapBefore(text, before === undefined ? container.start : before.end, last.start);
  const separator = before === undefined && !LINE_END.test(gap) ? oneLineGap(text) : gap;
  return { start: last.end, end: last.end, text: items.map((item) => `,${separator}${item}`).join('') };
}

/** What stands between an item and the bracket or comma before it; of blank lines, only the last line end. */
function gapBefore(text: string, from: number, to: number): string {
  const gap = text.slice(from, to).replace(/^[ \t\r\n]*[,[{]/, '');
  if (!LINE_END.test(gap)) return gap;
  return lineEndOf(text) + (gap.split(LINE_END).at(-1) ?? '');
}

function removeItems(items: readonly Span[], removed: ReadonlySet<number>): Splice[] {
  const firstKept = items.findIndex((_, index) => !removed.has(index));
  return items.flatMap((item, index) => {
    if (!removed.has(index)) return [];
    const next = items[index + 1];
    const previous = items[index - 1];
    if (index < firstKept && next !== undefined) return [{ start: item.start, end: next.start, text: '' }];
    return [{ start: previous?.end ?? item.start, end: item.end, text: '' }];
  });
}

function ownLines(text: string, items: readonly string[]): string {
  const end = lineEndOf(text);
  return `${end}${items.map((item) => INDENT + item).join(`,${end}`)}${end}`;
}

function inside({ start, end }: Span): Span {
  return { start: start + 1, end: end - 1 };
}

function lineEndOf(text: string): string {
  return LINE_END.exec(text)?.[0] ?? '\n';
}

function colonOf(text: string, { key, value }: JsonMember): string {
  const colon = text.slice(key.end, value.start);
  return LINE_END.test(colon) ? ': ' : colon;
}

/** A file with no white space at all, as programs write it, gets none from us. */
function oneLineGap(text: string): string {
  return /":\S/.test(text) && !LINE_END.test(text.trim()) ? '' : ' ';
}
