import type { Call, PathCall } from '../../support/strace.ts';
import { alike } from '../../support/tree.ts';
import { INSIDE, UNITS } from './machine.ts';

/** Where to strike: at a call of the program that changes the disk, or around a request to systemd. */
export type Point =
  | { readonly kind: 'kill' | 'full'; readonly call: PathCall; readonly name: string }
  | {
      readonly kind: 'kill' | 'full';
      readonly chance: Call;
      readonly made: readonly string[];
      readonly name: string;
    }
  | {
      readonly kind: 'request';
      readonly nth: number;
      readonly when: 'before' | 'after';
      readonly name: string;
    };

const FOLDERS = [`${INSIDE}/docker`, `${INSIDE}/ca/servers`, `${UNITS}/`];
/** SQLite's own steps, which test/durability strikes where no engine is changed. */
const REGISTRY = `${INSIDE}/ca/registry.db`;

/** A kill at each step, where the disk is not as it was at the step before. */
export function killsOf(steps: readonly Call[], calls: readonly Call[]): readonly Point[] {
  const made = steps.map(signature);
  return steps.flatMap((call, index): readonly Point[] => {
    if (showsNothingNew(call, steps[index - 1])) return [];
    const name = `killed at ${signature(call)}`;
    const about = pathCall(call, calls);
    // Too many writes come by chance for one to be counted out.
    if (about === undefined && call.name === 'write') return [];
    return about === undefined
      ? [{ kind: 'kill', chance: call, made: made.slice(0, index + 1), name }]
      : [{ kind: 'kill', call: about, name }];
  });
}

/** A full disk at each step that needs room. */
export function fullsOf(steps: readonly Call[], calls: readonly Call[]): readonly Point[] {
  const made = steps.map(signature);
  return steps.flatMap((call, index): readonly Point[] => {
    if (!mayBeFull(call) || signature(call).includes('SERIAL')) return [];
    const about = pathCall(call, calls);
    const name = `disk full at ${signature(call)}`;
    if (about !== undefined) return [{ kind: 'full', call: about, name }];
    return call.name === 'write'
      ? []
      : [{ kind: 'full', chance: call, made: made.slice(0, index + 1), name }];
  });
}

/**
 * The call by a path of it that is the same in every run; `undefined`: all of them hold a serial number or a random name,
 * or strace does not know them.
 */
function pathCall(call: Call, calls: readonly Call[]): PathCall | undefined {
  if (call.isByDescriptor === true) return undefined;
  const about = pathsOf(call).find((each) => !/[0-9a-f]{32}/u.test(each));
  if (about === undefined) return undefined;
  const same = calls.filter(
    (each) => each.name === call.name && each.isByDescriptor !== true && pathsOf(each).includes(about),
  );
  return { name: call.name, path: about, nth: same.indexOf(call) + 1 };
}

/** The file that a call's descriptor stands for, or the paths that it names, as far as strace looks at them. */
function pathsOf({ name, text }: Pick<Call, 'name' | 'text'>): readonly string[] {
  const [, open] = /^\w+\(\d+<([^>]*)>/u.exec(text) ?? [];
  if (open !== undefined) return [open];
  const named = [...text.matchAll(/"(\/[^"]*)"/gu)].map(([, each = '']) => each);
  return name.startsWith('rename') ? named.slice(0, 1) : named;
}

/**
 * After a sync, all is as it was when the sync was asked for; and a half-written file is empty until it is whole, for it
 * is written by one call.
 */
function showsNothingNew(call: Call, before: Call | undefined): boolean {
  const isPartial = /^(?:write|fchmod|fchown) .*\.partial/u.test(signature(call));
  return isPartial || (before !== undefined && /^f(?:data)?sync$/u.test(before.name));
}

function mayBeFull({ name }: Call): boolean {
  return /^(?:openat|mkdir|mkdirat|write|pwrite64|writev|ftruncate|fsync|fdatasync|rename|renameat2?|link|linkat)$/u.test(
    name,
  );
}

/** The calls that change what an engine's start depends on. Are the registry's own among them? */
export function stepsOf(calls: readonly Call[], inRegistry: boolean): readonly Call[] {
  const folders = inRegistry ? [...FOLDERS, REGISTRY] : FOLDERS;
  const changes = calls.filter(
    ({ name, text }) =>
      name !== 'execve' &&
      (name !== 'openat' || /O_CREAT|O_TRUNC/u.test(text)) &&
      !/ = -1 E(?!NOSPC .*INJECTED)/u.test(text) &&
      pathsOf({ name, text }).some((file) => folders.some((folder) => file.startsWith(folder))),
  );
  // Of a run of the same calls about the same file, the first: SQLite writes page by page.
  return changes.filter(
    (call, index) => index === 0 || signature(call) !== signature(changes[index - 1] ?? call),
  );
}

/** The name of a call and the paths that it is about, without what differs from run to run. */
export function signature({ name, text }: Call): string {
  const paths = alike(text).match(/(?:\/mnt|\/etc\/systemd\/system)[^">,\\]*/gu) ?? [];
  return `${name} ${paths.slice(0, 2).join(' ')}`;
}
