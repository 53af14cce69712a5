import path from 'node:path';
import { hasKey } from '@docker-mtls/authority';
import { shellWord } from '@docker-mtls/errors';
import type { BundleStep, CaStep, DaemonStep, PairStep, Step, Why } from '@docker-mtls/secure';
import { moment } from '@docker-mtls/text';

/** One thing that was seen to, as a line for people and an object for programs. */
export type StepReport = {
  readonly step: Step['step'];
  readonly outcome: Step['outcome'];
  readonly line: string;
};

export function stepReport(each: Step): StepReport {
  return { step: each.step, outcome: each.outcome, line: lineOf(each) };
}

const MARKS: Readonly<Record<Step['outcome'], string>> = {
  made: '+',
  kept: '=',
  planned: '?',
  proven: '+',
  disproven: '!',
  'not proven': '-',
  'not written': '-',
};

export function stepText({ outcome, line }: Pick<StepReport, 'outcome' | 'line'>): string {
  return `${MARKS[outcome]} ${line}\n`;
}

function lineOf(each: Step): string {
  switch (each.step) {
    case 'ca':
      return caLine(each);
    case 'server':
    case 'client':
      return pairLine(each);
    case 'daemon-config':
      return daemonLine(each);
    case 'bundle':
      return bundleLine(each);
    case 'proof':
      return each.line;
  }
}

function caLine(each: CaStep): string {
  const { directory } = each;
  if (each.outcome === 'made')
    return `CA made in ${directory}; its key is ${each.isEncrypted ? 'encrypted' : 'not encrypted: guard that folder'}`;
  return each.outcome === 'kept' ? `CA in ${directory}` : `a CA would be made in ${directory}`;
}

function pairLine(each: PairStep): string {
  const pair = `${each.step} ${each.name}`;
  if (each.outcome === 'planned') return `${pair} would be issued (${whyText(each.why)})`;
  const until = `valid until ${moment(each.notAfter)}`;
  return each.outcome === 'kept' ? `${pair}, ${until}` : `${pair} issued, ${until} (${whyText(each.why)})`;
}

/** Why a pair is issued: `the old one had expired`. */
function whyText(why: Why): string {
  switch (why.kind) {
    case 'missing':
      return 'there was none';
    case 'files-gone':
      return 'its files were gone';
    case 'expired':
      return 'the old one had expired';
    case 'not-yet-valid':
      return 'the old one was not valid yet';
    case 'lacks-names':
      return `the old one lacked ${why.lacking.join(', ')}`;
    case 'lacks-groups':
      return `the old one lacked the group ${why.lacking.join(', ')}`;
    case 'due':
      return `the old one ends ${moment(why.notAfter)}`;
  }
}

function daemonLine({ daemon: { config, plan, dropIn, written, backup } }: DaemonStep): string {
  if (!written) return `${config} asks for client certificates`;
  if (plan.changes.length === 0 && dropIn !== undefined) return `${dropIn.path} written`;
  const kept = backup === undefined ? 'there was none before' : `the old one is ${backup}`;
  return `${config} written (${kept})`;
}

function bundleLine(each: BundleStep): string {
  const { outcome, client, file, hosts } = each;
  if (outcome !== 'not written') return `bundle for ${client.name}: ${file} (${advice(each)})`;
  const engines = hosts.map(({ url }) => `--for ${shellWord(url)} `).join('');
  return `no bundle for ${client.name}: ${file} exists and holds something else; docker-mtls bundle ${shellWord(client.name)} ${engines}-o FILE writes one elsewhere`;
}

/** What to do with the archive. */
function advice({ client, file, isFolder }: BundleStep): string {
  const handing = `give it to ${client.name} in private`;
  if (!isFolder) return handing;
  const key = hasKey(client) ? '--install' : `--key ${shellWord(`${client.name}-key.pem`)} --install`;
  return `${handing}; there: docker-mtls unbundle ${shellWord(path.basename(file))} ${key}`;
}
