/** Longer than any name the engine gives out, and any reference of an image. */
const LONGEST = 1024;
const LINE_BREAK = /[\n\r\u2028\u2029]/;

/** `*` stands for any characters. */
export function matchesName(pattern: string, name: string): boolean {
  return pattern.includes('*') ? matches(partsOf(pattern, '**'), name) : pattern === name;
}

/** `*` stands for characters of one segment, `**` for any. */
export function matchesReference(pattern: string, reference: string): boolean {
  return matches(partsOf(pattern, '*'), reference);
}

/** Literal text and stars, in turns. */
function partsOf(pattern: string, star: '*' | '**'): readonly string[] {
  return pattern.split(/(\*\*|\*)/).map((part) => (part === '*' ? star : part));
}

/**
 * Follows all ways to match at once. A regular expression would try one after the other: five stars on a name of 200
 * characters would take it minutes, and the engine waits.
 */
function matches(parts: readonly string[], text: string): boolean {
  if (text.length > LONGEST || LINE_BREAK.test(text)) return false;
  // Where in the text the parts so far can end.
  let ends: readonly number[] = [0];
  for (const part of parts) {
    if (part === '*' || part === '**') ends = afterStar(ends, text, part === '*');
    else if (part !== '')
      ends = ends.filter((end) => text.startsWith(part, end)).map((end) => end + part.length);
  }
  return ends.at(-1) === text.length;
}

/** `ends` rise, and so does the result. */
function afterStar(ends: readonly number[], text: string, isSegment: boolean): readonly number[] {
  const [first] = ends;
  if (first === undefined) return [];
  if (!isSegment) return Array.from({ length: text.length - first + 1 }, (_, more) => first + more);
  const reached: number[] = [];
  for (const [at, end] of ends.entries()) {
    const next = ends[at + 1] ?? text.length + 1;
    for (let to = end; to < next && to <= text.length; to += 1) {
      reached.push(to);
      if (text[to] === '/') break;
    }
  }
  return reached;
}
