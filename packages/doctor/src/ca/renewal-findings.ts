import type { StoreReader } from '@docker-mtls/ca-directory';
import { shellWord } from '@docker-mtls/errors';
import { counted, moment } from '@docker-mtls/text';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { findingSubjectOf } from './words.ts';

/** As many as a screen shows. */
const SHOWN = 10;

/** Renewals that failed last time, and hooks that have not succeeded: both are on record until they do. */
export async function renewalFindings(reader: StoreReader): Promise<readonly FoundFinding[]> {
  return [...(await failureFindings(reader)), ...(await hookFindings(reader))];
}

async function failureFindings(reader: StoreReader): Promise<readonly FoundFinding[]> {
  const findings: FoundFinding[] = [];
  const failures = await reader.renewalFailures();
  for (const { serial, failures: count, failedAt, message } of failures.slice(0, SHOWN)) {
    const [entry] = await reader.find(serial);
    if (entry === undefined) continue;
    const subject = findingSubjectOf(entry);
    const times = count === 1 ? '' : `, ${count} times in a row`;
    findings.push(
      found('authority', 'renewal-failed', {
        subject,
        message: `its renewal failed on ${moment(failedAt)}${times}: ${message}`,
        hint: `correct that, then run docker-mtls renew --kind ${entry.kind} ${shellWord(entry.name)}`,
      }),
    );
  }
  return [...findings, ...rest(failures.length, 'renewal-failed', 'renewals', 'failed')];
}

async function hookFindings(reader: StoreReader): Promise<readonly FoundFinding[]> {
  const hooks = await reader.unfinishedHooks();
  const findings = hooks.slice(0, SHOWN).map((hook) => {
    const subject = findingSubjectOf(hook);
    const message = `the hook for its renewed pair has not succeeded since ${moment(hook.at)}: ${hook.outcome}`;
    return found('authority', 'hook-failed', { subject, message });
  });
  return [...findings, ...rest(hooks.length, 'hook-failed', 'hooks', 'have not succeeded')];
}

function rest(
  count: number,
  word: 'renewal-failed' | 'hook-failed',
  what: string,
  how: string,
): readonly FoundFinding[] {
  if (count <= SHOWN) return [];
  const message = `${counted(count - SHOWN, `more of the ${what}`, `more ${what}`)} ${how}`;
  return [found('authority', word, { subject: what, message })];
}
