import type { DaemonConfigDocument } from './document.ts';
import { appendMembers, newObject, splice } from './json/edit-json.ts';
import { findMember } from './json/json-node.ts';
import type { DaemonConfigPlan } from './plan.ts';

const KEY = 'live-restore';

/** Plans that containers run on while the engine is away, or that they do not; all else keeps its bytes. */
export function planLiveRestore(document: DaemonConfigDocument, to = true): DaemonConfigPlan {
  const { exists, text } = document;
  const from = setLiveRestore(document);
  const isSo = from === to;
  const why = to ? 'containers run on while the engine restarts' : 'containers end with the engine';
  return {
    exists,
    before: text,
    after: isSo ? text : rewrite(document, String(to)),
    changes: isSo ? [] : [{ key: KEY, from, to, why }],
    warnings: [],
  };
}

/** What the file says of it; `undefined`: nothing. */
export function setLiveRestore({ text, root }: DaemonConfigDocument): boolean | undefined {
  const value = findMember(root, KEY)?.value;
  return value === undefined ? undefined : text.slice(value.start, value.end) === 'true';
}

function rewrite({ text, root }: DaemonConfigDocument, value: string): string {
  if (root === undefined) return (text.startsWith('\ufeff') ? '\ufeff' : '') + newObject({ [KEY]: value });
  const member = findMember(root, KEY);
  if (member === undefined) return splice(text, appendMembers(text, root, { [KEY]: value }));
  return splice(text, [{ start: member.value.start, end: member.value.end, text: value }]);
}
