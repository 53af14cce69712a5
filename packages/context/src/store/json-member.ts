/** Where one member of a JSON object's text stands. */
type Member = {
  readonly key: string;
  /** Of the key's opening quote. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
};

const SPACE = /[ \t\n\r]*/y;
// Not one alternative for each character, which would need a stack as deep as the string is long.
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const PLAIN = /[^,\]}\s]+/y;

/** The members of the object that a text consists of. The text is valid JSON: `JSON.parse` has taken it. */
export function membersOf(text: string): readonly Member[] {
  const members: Member[] = [];
  let at = skip(SPACE, text, text.indexOf('{') + 1);
  while (text[at] === '"') {
    const keyEnd = skip(STRING, text, at);
    const valueStart = skip(SPACE, text, skip(SPACE, text, keyEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    members.push({ key: JSON.parse(text.slice(at, keyEnd)) as string, start: at, valueStart, valueEnd });
    at = skip(SPACE, text, skip(SPACE, text, valueEnd) + 1);
  }
  return members;
}

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return skip(STRING, text, start);
  if (first !== '{' && first !== '[') return skip(PLAIN, text, start);
  let depth = 0;
  let at = start;
  do {
    const character = text[at];
    if (character === '"') at = skip(STRING, text, at);
    else at += 1;
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
  } while (depth > 0);
  return at;
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
