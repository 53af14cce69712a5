/** A row of a table of checks, on one line: `Privileged: notPrivileged,`. */
const ROW = /^(\s+)(['\w-]+): ([^,]+(?:\([^]*\))?),$/;
/** Checks of types alone: what a mistake in them does, the engine's own decoder tells. */
const TYPES =
  /\b(?:text|updateConfig|genericResources|file|[A-Z]\w+|flag|wholeNumber|number|listOf|map|struct|command|health|ulimits|undefined)\b|[(), {}:]|HostIp|HostPort|size/g;
const GUARD_LEVELS = /^(\s+)('?[\w-]+'?): \{ levels: (?:BOTH|STRICT),/;
const CONDITION = /^(\s*)(?:if|else if) \((.+)\)( (?:return|throw|continue|fail)\b.*|)$/;

/**
 * Conditions without which no request is decided otherwise: they tell the compiler the type of a value, are quicker than what follows,
 * bound the work, or give the reason of a denial.
 */
const WITHOUT_EFFECT = [
  "if (typeof value !== 'string') return;",
  'if (!isObject(value)) return;',
  'if (exact !== undefined) return exact;',
  "if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value).slice(0, 80);",
  "if (value === undefined) return fail('body', 'the body is not JSON that everyone reads alike');",
  'if (depth > DEEPEST)',
  'if (found === undefined) throw',
  'if (grants.length === 0)',
  'if (closest === undefined) throw',
  'if (name.length > LONGEST_NAME) return false;',
  'if (known !== undefined) return known;',
  'if (image === undefined) return false;',
  "if (pair === '') continue;",
  "if (!spaced.includes('%')) return spaced;",
  "if (!encoded.includes('%')) return encoded;",
];

/** Every change of a source that takes one guard, check or condition out of it. */
export function mutationsOf(file, content) {
  const lines = content.split('\n');
  return lines.flatMap((text, index) => {
    const changed = changeOf(file, text);
    if (changed === undefined) return [];
    return [{ file, line: index + 1, text: text.trim(), content: lines.with(index, changed).join('\n') }];
  });
}

function changeOf(file, text) {
  if (WITHOUT_EFFECT.some((each) => text.includes(each))) return undefined;
  if (GUARD_LEVELS.test(text)) return text.replace(/levels: (?:BOTH|STRICT)/, 'levels: []');
  if (/levels: (?:BOTH|STRICT),$/.test(text)) return text.replace(/levels: (?:BOTH|STRICT)/, 'levels: []');
  if (/\/(?:body|decide|route)\//.test(file)) return withoutCheck(file, text) ?? withoutCondition(text);
  return undefined;
}

function withoutCheck(file, text) {
  if (!/\/body\/(?!check)/.test(file) || /: (?:string|Breach|Query)\b/.test(text)) return undefined;
  if (/^\s+permit\(.*\),?$/.test(text)) return '';
  if (/^\s+\.replaceAll\(.*\)$/.test(text)) return '';
  const [, space, name, check] = ROW.exec(text) ?? [];
  if (
    check === undefined ||
    check.replaceAll(TYPES, '') === '' ||
    /^['"{[(]/.test(check) ||
    !/[a-z]/.test(check)
  )
    return undefined;
  return `${space}${name}: () => undefined,`;
}

function withoutCondition(text) {
  const [, space, , rest] = CONDITION.exec(text) ?? [];
  return rest === undefined ? undefined : `${space}if (false as boolean)${rest}`;
}
