import type { Breach } from '../body/check.ts';
import type { Inspection } from '../body/inspect.ts';
import { isHarmlessVolume } from '../body/mounts.ts';
import type { Role } from '../document/policy.ts';
import type { Route } from '../route/route.ts';
import { answerTo } from './objects.ts';
import type { Found, FoundObject, Lookup } from './request.ts';

/** Settings of existing objects that a guard has to see before they are used, and what is wrong with one. */
type Question = {
  readonly lookup: Lookup;
  readonly judge: (object: FoundObject | undefined) => Breach | undefined;
};

export type SettingsOutcome = { readonly breach?: Breach; readonly needs: readonly Lookup[] };

/** Looks at the volumes, networks and exec sessions that a request uses: the request shows their names alone. */
export function checkSettings(
  { guards }: Role,
  { route, inspection, found }: { route: Route; inspection: Inspection; found: readonly Found[] },
): SettingsOutcome {
  const questions: Question[] = [];
  if (guards.has('host-bind')) questions.push(...[...inspection.volumes].map(volume));
  if (guards.has('host-namespace')) questions.push(...[...inspection.networks].map(network));
  if (route.operation === 'ExecStart') questions.push(exec(route.name ?? ''));
  const needs: Lookup[] = [];
  for (const { lookup, judge } of questions) {
    const answer = answerTo(lookup, found);
    const breach = answer === undefined ? undefined : judge(answer.object);
    if (breach !== undefined && guards.has(breach.guard)) return { breach, needs: [] };
    if (
      answer === undefined &&
      (lookup.kind !== 'exec' || guards.has('privileged') || guards.has('exec-user'))
    ) {
      needs.push(lookup);
    }
  }
  return { needs };
}

/** One that does not exist yet is made with the local driver and without options. */
function volume(reference: string): Question {
  const where = `the volume ${JSON.stringify(reference)}`;
  return {
    lookup: { kind: 'volume', reference },
    judge: (object) => {
      if (object === undefined) return undefined;
      const isHarmless =
        object.driver === 'local' && isHarmlessVolume(new Map(Object.entries(object.options ?? {})));
      return isHarmless ? undefined : { guard: 'host-bind', where, problem: 'mounts files from elsewhere' };
    },
  };
}

function network(reference: string): Question {
  const where = `the network ${JSON.stringify(reference)}`;
  return {
    lookup: { kind: 'network', reference },
    judge: (object) => {
      const isOwn = object !== undefined && object.driver !== 'host' && object.driver !== undefined;
      return isOwn
        ? undefined
        : { guard: 'host-namespace', where, problem: 'is not known to be separate from the host' };
    },
  };
}

/** Who created the session may have had more permissions than who starts it. */
function exec(reference: string): Question {
  const where = `the exec session ${JSON.stringify(reference)}`;
  return {
    lookup: { kind: 'exec', reference },
    judge: (object) => {
      if (object?.privileged !== false)
        return { guard: 'privileged', where, problem: 'is not known to be unprivileged' };
      if (object.user !== '') return { guard: 'exec-user', where, problem: 'runs as a chosen user' };
      return undefined;
    },
  };
}
