import { DROP_IN_NAME } from './drop-in-name.ts';
import { placeOf } from './service-unit.ts';
import { unitProblem } from './unit-error.ts';
import type { UnitEntry, UnitFile } from './unit-file.ts';

/** Drop-ins that have the last word over ours: systemd reads them in the order of their names, wherever they lie. */
export function filesBehind(files: readonly UnitFile[], path: string): readonly UnitFile[] {
  return files
    .slice(1)
    .filter((file) => file.path !== path && (file.path.split('/').at(-1) ?? '') > DROP_IN_NAME);
}

/** Throws `DAEMON_CONFIG_UNIT` for a setting that would undo ours. */
export function refuseLater([entry]: readonly UnitEntry[]): void {
  if (entry === undefined) return;
  const what = entry.key === 'ExecStart' ? 'the command' : entry.key;
  throw unitProblem(
    `${placeOf(entry)} sets ${what} after ${DROP_IN_NAME}`,
    'give that drop-in a name that sorts earlier',
  );
}
