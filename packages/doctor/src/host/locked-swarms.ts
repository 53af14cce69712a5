import { runningEngines } from '@docker-mtls/engine';
import type { LocalEngine } from '@docker-mtls/engine';
import { askFacts } from '../address/engine-facts.ts';
import type { FoundFinding } from '../found.ts';
import { lockFindings } from './container-findings.ts';
import { documentAt, localSocket } from './told.ts';

const PATIENCE_MS = 5000;

/** Which engines of this machine wait for the unlock key of their swarm, as far as their local sockets can be used. */
export async function lockedSwarms(engine: LocalEngine): Promise<readonly FoundFinding[]> {
  const each = await Promise.all(
    runningEngines().map(async ({ config, flags }) => {
      const { document } = documentAt(config);
      if (document === undefined) return [];
      const door = { socketPath: localSocket({ document, flags }, { engine }) };
      return lockFindings(config, await askFacts({ door, patienceMs: PATIENCE_MS }));
    }),
  );
  return each.flat();
}
