import { accessFixes, dropInFixes } from '@docker-mtls/doctor';
import type { Diagnosis, Fix } from '@docker-mtls/doctor';
import { escapeUnprintable, orRefusedLater } from '@docker-mtls/errors';
import { caDirectory } from '../../ca/ca-directory.ts';
import type { Args } from '../../command-line/args.ts';
import { engineCallerOf, engineOf } from '../../engine/engine-order.ts';
import type { Io } from '../../io/io.ts';
import { contextFixes } from './context-fixes.ts';

/** What became of a fix. */
export type Fixed = Omit<Fix, 'apply'> & { readonly fixed: boolean; readonly why?: string };

/** Shows each fix and the way back, and takes it. None restarts an engine, or cuts a client off. */
export async function fixAll(diagnoses: readonly Diagnosis[], args: Args, io: Io): Promise<readonly Fixed[]> {
  const findings = diagnoses.flatMap(({ found }) => found);
  const fixes = [
    ...accessFixes(findings, caDirectory(args, io)),
    ...dropInFixes(findings, engineOf(args, io), engineCallerOf(io)),
    ...(await contextFixes(diagnoses, args, io)),
  ];
  const results: Fixed[] = [];
  for (const { apply, ...fix } of fixes) {
    io.note(escapeUnprintable(`fix ${fix.finding}: ${fix.does}`));
    io.note(escapeUnprintable(`  back: ${fix.back}`));
    results.push({ ...fix, ...(await attempt(apply)) });
  }
  return results;
}

/** One that fails leaves the others. */
async function attempt(apply: Fix['apply']): Promise<Pick<Fixed, 'fixed' | 'why'>> {
  return orRefusedLater(
    async () => {
      await apply();
      return { fixed: true };
    },
    ({ message }) => ({ fixed: false, why: message }),
  );
}
