import path from 'node:path';
import { readCrls } from '@docker-mtls/ca';
import { LARGEST_LIST } from '@docker-mtls/ca-directory';
import { PLUGIN_PLACES } from '@docker-mtls/engine';
import { unlessRefused } from '@docker-mtls/errors';
import { readFile, readFileIfExists } from '@docker-mtls/files';
import { push } from '../commands/crl/push.ts';
import type { Pushed, PushTarget } from '../commands/crl/push.ts';
import type { Report } from '../command-line/command.ts';
import type { Io } from '../io/io.ts';

/** Whose lists go where. */
export type Delivery = {
  readonly directory: string;
  readonly targets: readonly PushTarget[];
  /** The file of this machine's plugin. */
  readonly plugin?: string;
};

/**
 * Puts the lists of a CA directory to where they are wanted, and to the authorization plugin of this machine's engine
 * where that goes by lists of this CA. What keeps them from one place keeps them from no other.
 */
export async function deliverLists(
  { directory, targets, plugin = PLUGIN_PLACES.lists }: Delivery,
  io: Io,
): Promise<readonly Pushed[]> {
  const theirs = unlessRefused(() => readFileIfExists(plugin, LARGEST_LIST));
  if (targets.length === 0 && theirs === undefined) return [];
  const lists = readFile(path.join(directory, 'crl.pem'), LARGEST_LIST);
  const isNamed = targets.some((target) => 'path' in target && target.path === plugin);
  const all =
    isNamed || theirs === undefined || !shareIssuer(theirs, lists) ? targets : [...targets, { path: plugin }];
  const pushed: Pushed[] = [];
  for (const target of all) pushed.push(await push(target, lists.toString('latin1'), io));
  return pushed;
}

/** Does a plugin have a list of one of our issuers? What is no list was not put there by this program. */
function shareIssuer(theirs: Buffer, lists: Buffer): boolean {
  const shared = unlessRefused(() => {
    const ours = new Set(issuersIn(lists));
    return issuersIn(theirs).some((issuer) => ours.has(issuer));
  });
  return shared === true;
}

function issuersIn(lists: Buffer): readonly string[] {
  return readCrls(lists).flatMap(({ authorityKeyId }) => authorityKeyId ?? []);
}

const FAILED = 1;

function effectText({ deniedAfter, unconfirmed }: Pushed): string {
  if (deniedAfter !== undefined)
    return `: denied there ${(deniedAfter / 1000).toFixed(1)} s after the revocation, on open connections too`;
  return unconfirmed === undefined ? '' : `; when it denies there is not known: ${unconfirmed}`;
}

/** A report that says where lists were put, too. Exit code 1 where one was not. */
export function withPushed(report: Report, pushed: readonly Pushed[]): Report {
  if (pushed.length === 0) return report;
  const lines = pushed.map((each) => {
    const { to, problem, hint } = each;
    if (problem !== undefined) return `not put to ${to}: ${problem}\n  hint: ${hint}\n`;
    return `and put it to ${to}${effectText(each)}\n`;
  });
  return {
    ...report,
    json: { ...report.json, pushed },
    text: `${report.text ?? ''}${lines.join('')}`,
    ...(pushed.some(({ problem }) => problem !== undefined) && { exitCode: FAILED }),
  };
}
