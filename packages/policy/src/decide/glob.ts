const compiled = new Map<string, RegExp>();
const MOST_COMPILED = 10_000;

/** Longer than any name the engine gives out; a pattern with several stars takes its time on long text. */
const LONGEST_NAME = 512;

/** `*` stands for any characters. */
export function matchesName(pattern: string, name: string): boolean {
  if (name.length > LONGEST_NAME) return false;
  return pattern.includes('*') ? expression(pattern, '.*').test(name) : pattern === name;
}

/** `*` stands for characters of one segment, `**` for any. */
export function matchesReference(pattern: string, reference: string): boolean {
  return expression(pattern, '[^/]*').test(reference);
}

function expression(pattern: string, star: string): RegExp {
  const key = `${star} ${pattern}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === '**' ? '.*' : part === '*' ? star : part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`),
    );
  const made = new RegExp(`^${source.join('')}$`);
  if (compiled.size < MOST_COMPILED) compiled.set(key, made);
  return made;
}
