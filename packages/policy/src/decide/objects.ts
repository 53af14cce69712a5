import type { ObjectRule } from '../document/policy.ts';
import { matchesAllTags, matchesImage } from './image-reference.ts';
import { matchesName } from './glob.ts';
import type { Found, FoundObject, Lookup } from './request.ts';
import type { Targets } from './targets.ts';

/** What came of checking: fine, refused, or to be asked of the engine first. */
export type ObjectOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'refused'; readonly problem: string }
  | { readonly kind: 'unresolved'; readonly needs: readonly Lookup[] };

/** Names and identifiers that the engine reads in one way: no slashes, which lead to links and other paths. */
const REFERENCE = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;

const PASSED: ObjectOutcome = { kind: 'passed' };

function refused(problem: string): ObjectOutcome {
  return { kind: 'refused', problem };
}

/** The first refusal, else everything that has to be asked, else passed. */
export function combineOutcomes(outcomes: readonly ObjectOutcome[]): ObjectOutcome {
  const refusal = outcomes.find(({ kind }) => kind === 'refused');
  if (refusal !== undefined) return refusal;
  const needs = outcomes.flatMap((outcome) => (outcome.kind === 'unresolved' ? outcome.needs : []));
  return needs.length === 0 ? PASSED : { kind: 'unresolved', needs: distinct(needs) };
}

/** Each lookup once. */
export function distinct(lookups: readonly Lookup[]): readonly Lookup[] {
  return [...new Map(lookups.map((each) => [`${each.kind} ${each.reference}`, each])).values()];
}

export type Questions = {
  readonly targets: Targets;
  readonly volumes: ReadonlySet<string>;
  readonly uses: readonly Lookup[];
  readonly found: readonly Found[];
};

/** Does the request stay within one rule on objects? */
export function checkObjects(rule: ObjectRule, { targets, volumes, uses, found }: Questions): ObjectOutcome {
  const isByObject = rule.names !== undefined || rule.labels !== undefined;
  const hasImages = rule.images !== undefined;
  if ((isByObject && targets.unnamed === 'objects') || (hasImages && targets.unnamed === 'images')) {
    return refused('the request does not name the objects that it is about');
  }
  const outcomes: ObjectOutcome[] = [];
  if (isByObject) {
    const mounted = [...volumes].map((reference): Lookup => ({ kind: 'volume', reference }));
    outcomes.push(...targets.made.map((made) => checkMade(rule, made)));
    outcomes.push(
      ...[...targets.references, ...mounted, ...uses].map((lookup) => checkExisting(rule, lookup, found)),
    );
  }
  if (hasImages) {
    const checked = (matches: typeof matchesImage) => (image: string) =>
      checkImage(rule.images ?? [], { image, matches });
    outcomes.push(...targets.images.map(checked(matchesImage)));
    outcomes.push(...targets.repositories.map(checked(matchesAllTags)));
  }
  return combineOutcomes(outcomes);
}

function checkMade(rule: ObjectRule, { name, labels }: Targets['made'][number]): ObjectOutcome {
  if (rule.names !== undefined && !isNamed(rule.names, name?.replace(/^\//, '') ?? '')) {
    return refused(`the name ${JSON.stringify(name ?? '')} is not one of the role`);
  }
  const missing = labels === undefined ? undefined : missingLabel(rule, labels);
  return missing === undefined ? PASSED : refused(`the label ${missing} is missing`);
}

function checkExisting(rule: ObjectRule, lookup: Lookup, found: readonly Found[]): ObjectOutcome {
  if (!REFERENCE.test(lookup.reference))
    return refused(`${JSON.stringify(lookup.reference)} is no plain name or identifier`);
  const answer = answerTo(lookup, found);
  if (answer === undefined) return { kind: 'unresolved', needs: [lookup] };
  const { object } = answer;
  if (object === undefined) return refused(`there is no ${lookup.kind} ${JSON.stringify(lookup.reference)}`);
  if (lookup.kind === 'exec') {
    return checkExisting(rule, { kind: 'container', reference: object.container ?? '' }, found);
  }
  return checkFound(rule, lookup, object);
}

function checkFound(rule: ObjectRule, { kind }: Lookup, { name, labels }: FoundObject): ObjectOutcome {
  if (rule.names !== undefined && !isNamed(rule.names, name)) {
    return refused(`the ${kind} ${JSON.stringify(name)} is not one of the role`);
  }
  const missing = missingLabel(rule, labels);
  return missing === undefined
    ? PASSED
    : refused(`the ${kind} ${JSON.stringify(name)} lacks the label ${missing}`);
}

function checkImage(
  patterns: readonly string[],
  { image, matches }: { readonly image: string; readonly matches: typeof matchesImage },
): ObjectOutcome {
  const isMatch = patterns.some((pattern) => matches(pattern, image));
  return isMatch
    ? PASSED
    : refused(`the image ${JSON.stringify(image).slice(0, 120)} is not one of the role`);
}

export function answerTo({ kind, reference }: Lookup, found: readonly Found[]): Found | undefined {
  return found.find((each) => each.kind === kind && each.reference === reference);
}

function isNamed(patterns: readonly string[], name: string): boolean {
  return name !== '' && patterns.some((pattern) => matchesName(pattern, name));
}

function missingLabel(
  { labels = {} }: ObjectRule,
  present: Readonly<Record<string, string>>,
): string | undefined {
  const missing = Object.entries(labels).find(
    ([name, value]) => !Object.hasOwn(present, name) || present[name] !== value,
  );
  return missing?.join('=');
}
