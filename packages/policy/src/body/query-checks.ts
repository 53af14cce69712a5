import type { Operation } from '../operations/operation.ts';
import type { Query } from '../route/query.ts';
import type { Breach } from './check.ts';

/** What `docker top` and Compose send. The engine runs the host's ps with them, as root. */
const PROCESS_LISTS = new Set(['', '-ef', 'aux', '-aux', 'ax', '-e', '-A']);

type QueryCheck = (query: Query) => Breach | undefined;

function permit(
  guard: Breach['guard'],
  parameter: string,
  isPermitted: (value: string) => boolean,
): QueryCheck {
  return (query) => {
    const value = query.get(parameter) ?? '';
    if (isPermitted(value)) return undefined;
    return { guard, where: `?${parameter}`, problem: `is ${JSON.stringify(value).slice(0, 80)}` };
  };
}

const CHECKS: Partial<Record<Operation, readonly QueryCheck[]>> = {
  ContainerTop: [permit('process-list', 'ps_args', (value) => PROCESS_LISTS.has(value))],
  ContainerStart: [
    permit('checkpoint', 'checkpoint', (value) => value === ''),
    permit('checkpoint', 'checkpoint-dir', (value) => value === ''),
  ],
  ImageCreate: [permit('image-import', 'fromSrc', (value) => value === '' || value === '-')],
  ServiceUpdate: [permit('rollback', 'rollback', (value) => value === '')],
};

/** What the query of an operation asks for that a guard refuses. */
export function checkQuery(operation: Operation, query: Query): readonly Breach[] {
  return (CHECKS[operation] ?? []).flatMap((check) => check(query) ?? []);
}
