/**
 * What the schema of Jenkins for JUnit (junit-10.xsd) demands of the elements that are written here: which are allowed
 * where, and which attributes they must have. No package carries that schema, so its rules are written out.
 */
const ELEMENTS: Readonly<Record<string, Rules>> = {
  testsuites: { in: [''], attributes: [] },
  testsuite: { in: ['testsuites'], attributes: ['name', 'tests', 'failures', 'errors', 'skipped'] },
  testcase: { in: ['testsuite'], attributes: ['name', 'classname'] },
  failure: { in: ['testcase'], attributes: ['type', 'message'] },
  error: { in: ['testcase'], attributes: ['message'] },
  skipped: { in: ['testcase'], attributes: ['message'] },
  'system-out': { in: ['testcase'], attributes: [] },
};

type Rules = { readonly in: readonly string[]; readonly attributes: readonly string[] };

const TAG = /<(\/?)([a-z-]+)((?: [a-z]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#\d+);[^"<&]*)*")*)(\/?)>/gy;
const TEXT = /(?:[^<&]|&(?:amp|lt|gt|quot|#\d+);)*/y;
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** What is wrong with a document: where it is not well-formed, or not as the schema demands. */
export function xmlProblems(xml: string): readonly string[] {
  if (!xml.startsWith(DECLARATION)) return ['no declaration'];
  // oxlint-disable-next-line eslint/no-control-regex -- XML has no place for them
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml))
    return ['a character that XML has no place for'];
  if (/\p{Surrogate}/u.test(xml)) return ['a lone surrogate'];
  const problems: string[] = [];
  const open: string[] = [];
  let cases = 0;
  let at = DECLARATION.length;
  while (at < xml.length) {
    TEXT.lastIndex = at;
    at += TEXT.exec(xml)?.[0].length ?? 0;
    if (at >= xml.length) break;
    TAG.lastIndex = at;
    const [tag, closes, name = '', attributes = '', isEmpty] = TAG.exec(xml) ?? [];
    if (tag === undefined) return [...problems, `not well-formed at ${at}: ${xml.slice(at, at + 30)}`];
    at += tag.length;
    if (closes === '/') {
      if (open.pop() !== name) problems.push(`</${name}> closes another element`);
      if (name === 'testsuite' && cases !== 0) problems.push('the number of tests is wrong');
      continue;
    }
    problems.push(...elementProblems(name, attributes, open.at(-1) ?? ''));
    if (name === 'testsuite') cases = Number(/ tests="(\d+)"/.exec(attributes)?.[1] ?? 0);
    if (name === 'testcase') cases -= 1;
    if (isEmpty !== '/') open.push(name);
  }
  return open.length === 0 ? problems : [...problems, `${open.join(', ')} not closed`];
}

function elementProblems(name: string, attributes: string, parent: string): readonly string[] {
  const rules = ELEMENTS[name];
  if (rules === undefined) return [`<${name}> is unknown`];
  return [
    ...(rules.in.includes(parent) ? [] : [`<${name}> in <${parent}>`]),
    ...rules.attributes
      .filter((each) => !attributes.includes(` ${each}="`))
      .map((each) => `<${name}> without ${each}`),
  ];
}
