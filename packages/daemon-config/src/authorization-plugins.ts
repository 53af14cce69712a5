import { readStrings } from './document.ts';
import type { DaemonConfigDocument } from './document.ts';
import { appendMembers, editItems, formatList, newObject, splice } from './json/edit-json.ts';
import { findMember } from './json/json-node.ts';
import type { DaemonConfigPlan } from './plan.ts';

const KEY = 'authorization-plugins';

/** The plugins that the engine asks, in this order. */
export function readAuthorizationPlugins(document: DaemonConfigDocument): readonly string[] {
  return readStrings(document, KEY);
}

/** Plans that the engine asks a plugin of this name, after those that it asks already; or that it does not. All else keeps its bytes. */
export function planAuthorizationPlugin(
  document: DaemonConfigDocument,
  name: string,
  wanted: boolean,
): DaemonConfigPlan {
  const from = readAuthorizationPlugins(document);
  const to = wanted ? [...from, name] : from.filter((each) => each !== name);
  const isSo = from.includes(name) === wanted;
  const isThere = findMember(document.root, KEY) !== undefined;
  const why = wanted ? 'the engine asks docker-mtls about each request' : 'docker-mtls is not asked any more';
  return {
    exists: document.exists,
    before: document.text,
    after: isSo ? document.text : rewrite(document, name, wanted),
    changes: isSo ? [] : [{ key: KEY, from: isThere ? from : undefined, to, why }],
    warnings: [],
  };
}

function rewrite({ text, root }: DaemonConfigDocument, name: string, wanted: boolean): string {
  const added = wanted ? [JSON.stringify(name)] : [];
  const list = formatList(text, wanted ? [name] : []);
  if (root === undefined) return (text.startsWith('\ufeff') ? '\ufeff' : '') + newObject({ [KEY]: list });
  const value = findMember(root, KEY)?.value;
  if (value === undefined) return splice(text, appendMembers(text, root, { [KEY]: list }));
  if (value.type !== 'array') return splice(text, [{ start: value.start, end: value.end, text: list }]);
  const removed = value.items.flatMap((item, index) =>
    !wanted && item.type === 'string' && item.value === name ? [index] : [],
  );
  return splice(text, editItems(text, value, { removed: new Set(removed), added }));
}
