import { refreshDropIn } from '@docker-mtls/engine/findings';
import type { EngineCaller, LocalEngine } from '@docker-mtls/engine';
import { shellWord } from '@docker-mtls/errors';
import type { FindingNumber } from '../catalogue/row.ts';
import type { FoundFinding } from '../found.ts';
import type { Fix } from './fix.ts';

const OUTDATED: readonly FindingNumber[] = ['DM612', 'DM613'];

/** The drop-in of docker-mtls, with the command that the unit has now; the engine is not restarted. */
export function dropInFixes(
  findings: readonly FoundFinding[],
  engine: LocalEngine,
  caller: EngineCaller,
): readonly Fix[] {
  const finding = findings.find(({ id }) => OUTDATED.includes(id));
  if (finding === undefined || (engine.kind === 'system' && process.geteuid?.() !== 0)) return [];
  return [
    {
      finding: finding.id,
      subject: finding.subject,
      does: 'write the drop-in of docker-mtls again, and systemctl daemon-reload',
      back: `docker-mtls daemon-config undo --config ${shellWord(engine.config)}`,
      apply: () => refreshDropIn(engine, caller),
    },
  ];
}
