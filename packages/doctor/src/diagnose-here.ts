import { listContexts } from '@docker-mtls/context';
import { restartWords, runningEngines } from '@docker-mtls/engine';
import { servingEngines } from '@docker-mtls/engine/serving-engines';
import { orRefusedLater } from '@docker-mtls/errors';
import type { PairPem } from '@docker-mtls/proof';
import type { Diagnosis, DoctorOrder } from './doctor-order.ts';
import { contextFindings } from './examine-context.ts';
import type { FoundFinding } from './found.ts';
import { examineHost } from './host/examine-host.ts';
import { status } from './status.ts';
import { NOT_SEEN } from './not-seen.ts';

/** This machine: its engines, its CA directory, the contexts of this user, and copies of pairs that were handed out. */
export async function diagnoseHere(
  order: DoctorOrder,
  stranger: PairPem,
): Promise<Omit<Diagnosis, 'target'>> {
  const { engine, client, roots, patienceMs, now } = order;
  const host = await examineHost({ engine, client, roots, stranger, patienceMs, now });
  const { contexts } = listContexts(order.dockerFolder);
  const own: FoundFinding[] = [];
  for (const context of contexts) own.push(...(await contextFindings(order, context)));
  const kept = await keptFindings(order);
  const found = [...host.found, ...own];
  return {
    found: [...found, ...without(kept.found, found)],
    unseen: [...host.unseen, ...kept.unseen],
  };
}

/** What `status` finds; what it could not see is told apart here. */
async function keptFindings(order: DoctorOrder): Promise<Omit<Diagnosis, 'target'>> {
  const { engine, caDirectory: directory, dockerFolder: docker, folder, now } = order;
  return orRefusedLater(
    async () => {
      const engines = await servingEngines(engine, runningEngines());
      const restart = restartWords(engine);
      const { findings } = await status({ directory, engines, restart, docker, folder, now: now() });
      const unseen = findings.filter(({ id }) => id === NOT_SEEN);
      return {
        found: findings.filter(({ id }) => id !== NOT_SEEN),
        unseen: unseen.map(({ subject, message }) => `${subject}: ${message}`),
      };
    },
    ({ message }) => ({ found: [], unseen: [message] }),
  );
}

/** Two checks may find the same about one thing, in other words. */
function without(findings: readonly FoundFinding[], known: readonly FoundFinding[]): readonly FoundFinding[] {
  const keys = new Set(known.map(keyOf));
  return findings.filter((each) => !keys.has(keyOf(each)));
}

function keyOf({ id, subject }: FoundFinding): string {
  return `${id} ${subject.replace(/^context[: ]/, '')}`;
}
