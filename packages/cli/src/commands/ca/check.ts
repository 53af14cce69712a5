import { inspectDirectory, repairDirectory } from '@docker-mtls/ca-directory/inspect';
import { found } from '@docker-mtls/doctor';
import type { FoundFinding } from '@docker-mtls/doctor';
import { counted } from '@docker-mtls/text';
import { caDirectory } from '../../ca/ca-directory.ts';
import { findingInCa } from '../../ca/hint-in-ca.ts';
import { passphraseFromFile } from '../../ca/passphrase.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { findingText } from '../../printing/problem-text.ts';

const ANSWERED_NO = 3;

/** What is wrong with the CA directory. Nothing is asked for: a timer may run this. */
export async function runCaCheck(args: Args, io: Io): Promise<Report> {
  const directory = caDirectory(args, io);
  const findings = await inspect(directory, args, io);
  return {
    json: { directory, findings },
    text: findings.length === 0 ? `${directory} matches its registry\n` : findingsText(findings),
    ...(findings.length > 0 && { exitCode: ANSWERED_NO }),
  };
}

/** Sets right what can be, and reports what cannot. */
export async function runCaRepair(args: Args, io: Io): Promise<Report> {
  const directory = caDirectory(args, io);
  const repaired = await repairDirectory(directory, {
    onWait: () => io.note('waiting for another docker-mtls command to finish…'),
  });
  const findings = await inspect(directory, args, io);
  const done = repaired.length === 0 ? ['Nothing to repair\n'] : repaired.map((line) => `${line}\n`);
  const left = findings.length === 0 ? [] : ['What is left cannot be repaired from the registry:\n'];
  return {
    json: { directory, repaired, findings },
    text: [...done, ...left, findingsText(findings)].join(''),
    ...(findings.length > 0 && { exitCode: ANSWERED_NO }),
  };
}

async function inspect(directory: string, args: Args, io: Io): Promise<readonly FoundFinding[]> {
  const passphrase = await passphraseFromFile(args, io);
  const observations = await inspectDirectory(directory, { now: io.now(), passphrase });
  return observations.map(({ word, ...details }) => findingInCa(found('authority', word, details), args));
}

function findingsText(findings: readonly FoundFinding[]): string {
  if (findings.length === 0) return '';
  const ids = [...new Set(findings.map(({ id }) => id))];
  const lines = ids.flatMap((id) => linesOf(findings.filter((each) => each.id === id)));
  return `${lines.join('')}${counted(findings.length, 'finding', 'findings')}\n`;
}

/** Of each finding, so many are printed: a backup without keys lacks one for each of a million pairs. */
const SHOWN = 10;

function linesOf(same: readonly FoundFinding[]): readonly string[] {
  const lines = same.slice(0, SHOWN).map(({ id, ...problem }) => findingText(id, problem));
  const more = same.length - lines.length;
  return more === 0 ? lines : [...lines, `${same[0]?.id}: ${more} more, which --json lists\n`];
}
