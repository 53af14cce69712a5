import { matchesReference } from './glob.ts';

const DIGEST = '@sha256:[0-9a-f]{64}';
const DOMAIN = '[a-zA-Z0-9][a-zA-Z0-9-]*(?:[.][a-zA-Z0-9][a-zA-Z0-9-]*)*';
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REFERENCE = new RegExp(
  `^((?:${DOMAIN}(?::[0-9]+)?/)?${COMPONENT}(?:/${COMPONENT})*)(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(${DIGEST})?$`,
);
/** The engine tries an image's identifier before its name. */
const IDENTIFIER = /^(?:sha256:)?[0-9a-f]{1,64}$/;

const LONGEST = 512;

/** The full form of a reference, as the engine completes it. Undefined for an identifier, which names nothing that a rule can judge. */
export function normalizeImage(reference: string): string | undefined {
  if (reference.length > LONGEST || IDENTIFIER.test(reference)) return undefined;
  const [, name, tag, digest] = REFERENCE.exec(reference) ?? [];
  if (name === undefined) return undefined;
  const suffix = digest === undefined ? (tag ?? ':latest') : `${tag ?? ''}${digest}`;
  return `${fullName(name)}${suffix}`;
}

/** The pattern is completed in the same way; without a tag it is for every tag and digest. */
export function matchesImage(pattern: string, reference: string): boolean {
  const image = normalizeImage(reference);
  if (image === undefined) return false;
  if (pattern.startsWith('**')) return matchesReference(pattern, image);
  const last = pattern.lastIndexOf('/');
  const hasSuffix = /[:@]/.test(pattern.slice(last + 1)) || pattern.endsWith('**');
  const at = pattern.slice(last + 1).search(/[:@]/);
  const name = at === -1 ? pattern : pattern.slice(0, last + 1 + at);
  const full = fullName(name) + pattern.slice(name.length);
  if (hasSuffix) return matchesReference(full, image);
  return matchesReference(`${full}:*`, image) || matchesReference(`${full}@*`, image);
}

/** distribution/reference, splitDockerDomain. */
function fullName(name: string): string {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  const isDomain = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  if (isDomain) return first === 'index.docker.io' ? fullName(name.slice(slash + 1)) : dockerHub(name);
  return `docker.io/${slash === -1 ? 'library/' : ''}${name}`;
}

function dockerHub(name: string): string {
  const rest = name.startsWith('docker.io/') ? name.slice('docker.io/'.length) : undefined;
  return rest === undefined || rest.includes('/') ? name : `docker.io/library/${rest}`;
}
