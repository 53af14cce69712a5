import { askFacts } from '../address/engine-facts.ts';
import type { FactsOrder } from '../address/engine-facts.ts';
import { addressPart } from './address-part.ts';
import { configFindings } from './config-findings.ts';
import type { EngineSeen } from './engine-seen.ts';
import { filesPart } from './files-part.ts';
import type { ExaminedHost, HostOrder } from './host-order.ts';
import { rootlessFindings } from './rootless-findings.ts';
import { documentAt, localSocket } from './told.ts';
import type { Told } from './told.ts';
import { versionPart } from './version-part.ts';

/** Looks at one engine of this machine. */
export async function examineEngine(order: HostOrder, seen: EngineSeen): Promise<ExaminedHost> {
  const config = seen.process?.config ?? order.engine.config;
  const flags = seen.process?.flags ?? seen.unit?.command.flags ?? [];
  const owner = order.engine.kind === 'rootless' ? (process.geteuid?.() ?? 0) : 0;
  const read = documentAt(config);
  if (read.document === undefined) return { found: read.found, unseen: read.unseen };
  const told: Told = { config, document: read.document, flags, owner };
  const files = filesPart(told, order);
  const ask: FactsOrder = { door: { socketPath: localSocket(told, order) }, patienceMs: order.patienceMs };
  const facts = await askFacts(ask);
  const parts: readonly ExaminedHost[] = [
    { found: configFindings(told), unseen: [] },
    { found: seen.unit === undefined ? [] : rootlessFindings(seen.unit, told.document), unseen: [] },
    files.examined,
    await versionPart(told, facts, { ask, now: order.now() }),
    await addressPart(order, seen, { told, facts, server: files.server }),
  ];
  return { found: parts.flatMap((part) => part.found), unseen: parts.flatMap((part) => part.unseen) };
}
