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

/** A repository, and a tag or digest with its sign in front, or neither. */
type Image = { readonly name: string; readonly suffix: string };

/** The full form of a reference, as the engine completes it. Undefined for an identifier, which names nothing that a rule can judge. */
export function normalizeImage(reference: string): string | undefined {
  const image = readImage(reference);
  return image === undefined ? undefined : `${image.name}${image.suffix === '' ? ':latest' : image.suffix}`;
}

/** A pattern is completed in the same way; without a tag it is for every tag and digest. */
export function matchesImage(pattern: string, reference: string): boolean {
  const image = readImage(reference);
  if (image === undefined) return false;
  const wanted = splitPattern(pattern);
  const suffix = image.suffix === '' ? ':latest' : image.suffix;
  return matchesReference(wanted.name, image.name) && matchesSuffix(wanted.suffix, suffix);
}

/** The same where the engine takes a reference without tag and digest for all tags that there are: pulls, pushes and exports. */
export function matchesAllTags(pattern: string, reference: string): boolean {
  const image = readImage(reference);
  if (image === undefined || image.suffix !== '') return matchesImage(pattern, reference);
  const { name, suffix } = splitPattern(pattern);
  return matchesReference(name, image.name) && /^(?::\*\*?)?$/.test(suffix);
}

function matchesSuffix(pattern: string, suffix: string): boolean {
  return pattern === '' || matchesReference(pattern, suffix);
}

/** Next to a digest, the engine looks at no tag, so any can stand there (distribution/reference, ParseDockerRef). */
function readImage(reference: string): Image | undefined {
  if (reference.length > LONGEST || IDENTIFIER.test(reference)) return undefined;
  const [, name, tag = '', digest] = REFERENCE.exec(reference) ?? [];
  return name === undefined ? undefined : { name: fullName(name), suffix: digest ?? tag };
}

function splitPattern(pattern: string): Image {
  const last = pattern.lastIndexOf('/') + 1;
  const at = pattern.slice(last).search(/[:@]/);
  const name = at === -1 ? pattern : pattern.slice(0, last + at);
  const suffix = pattern.slice(name.length).replace(/^:[^@]*(?=@)/, '');
  return { name: name.startsWith('**') ? name : fullName(name), suffix };
}

/** distribution/reference, splitDockerDomain. */
function fullName(name: string): string {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  if (first === 'docker.io' || first === 'index.docker.io') return onDockerHub(name.slice(slash + 1));
  const isDomain = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  return isDomain ? name : onDockerHub(name);
}

/** What follows is not read as a registry again. `**` stands for all that there is there. */
function onDockerHub(name: string): string {
  return `docker.io/${name.includes('/') || name === '**' ? '' : 'library/'}${name}`;
}
