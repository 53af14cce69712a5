import fs from 'node:fs';
import { dropInPath, readDaemonConfig } from '@docker-mtls/daemon-config';
import type { Finding } from '@docker-mtls/errors';
import type { HostUnit } from './host-unit.ts';
import type { LocalEngine } from './local-engine.ts';
import { dropInFor } from './plan-host.ts';
import { readUnit } from './this-host.ts';

export type DropInFindingId = 'drop-in-program-missing' | 'drop-in-outdated';

/**
 * What is wrong with the drop-in of docker-mtls, before the engine starts with it: it repeats a command of the unit, and
 * another package of the engine has another command.
 */
export async function checkDropIn(engine: LocalEngine): Promise<readonly Finding<DropInFindingId>[]> {
  const unit = await readUnit(engine);
  if (unit === undefined) return [];
  return dropInFindings(unit, readDaemonConfig(engine.config)?.toString('utf8') ?? '');
}

export function dropInFindings(unit: HostUnit, daemonJson: string): readonly Finding<DropInFindingId>[] {
  const path = dropInPath(unit.folder);
  const text = unit.files.find((file) => file.path === path)?.text;
  if (text === undefined) return [];
  const program = /^ExecStart=[@\-:+!|]*(\/\S+)/m.exec(text)?.[1];
  if (program !== undefined && !fs.existsSync(program))
    return [
      {
        id: 'drop-in-program-missing',
        severity: 'error',
        message: `${path} starts ${program}, which does not exist: the engine cannot start`,
        hint: 'run docker-mtls daemon-config: it repeats the command that the unit has now',
      },
    ];
  // It goes, and daemon.json changes with it: see `publishedTwice`.
  if (unit.scope.isRootless && unit.isDetached) return [];
  if (dropInFor(unit, daemonJson).after === text) return [];
  return [
    {
      id: 'drop-in-outdated',
      severity: 'warning',
      message: `${path} repeats a command that ${unit.command.unit.source.path} no longer has`,
      hint: 'run docker-mtls daemon-config: it repeats the command that the unit has now',
    },
  ];
}
