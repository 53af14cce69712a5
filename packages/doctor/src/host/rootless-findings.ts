import type { DaemonConfigDocument } from '@docker-mtls/daemon-config';
import { orRefusedLater } from '@docker-mtls/errors';
import { readUnit } from '@docker-mtls/engine';
import { publishedTwice } from '@docker-mtls/engine/findings';
import type { HostUnit, LocalEngine } from '@docker-mtls/engine';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { documentAt } from './told.ts';

/**
 * Since 29.5 a rootless engine uses the network of the machine: a port that it opens itself and that rootlesskit publishes
 * too is opened twice, and the engine does not start.
 */
export function rootlessFindings(unit: HostUnit, document: DaemonConfigDocument): readonly FoundFinding[] {
  const twice = publishedTwice(unit, document);
  if (twice.length === 0) return [];
  const message = `port ${twice.join(', ')} is in hosts, and published by rootlesskit`;
  return [found('host', 'rootless-double-publish', { subject: unit.config, message })];
}

/** The same of a user's engine, whether it runs or not; a unit that cannot be understood tells nothing. */
export async function rootlessStartFindings(engine: LocalEngine): Promise<readonly FoundFinding[]> {
  if (engine.kind !== 'rootless') return [];
  return orRefusedLater(
    async () => {
      const unit = await readUnit(engine);
      const document = unit && documentAt(unit.config).document;
      return unit === undefined || document === undefined ? [] : rootlessFindings(unit, document);
    },
    () => [],
  );
}
