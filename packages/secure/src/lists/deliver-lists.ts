import path from 'node:path';
import { readCrls } from '@docker-mtls/ca';
import { LARGEST_LIST } from '@docker-mtls/ca-directory';
import { PLUGIN_PLACES } from '@docker-mtls/engine/authorization';
import { unlessRefused } from '@docker-mtls/errors';
import { readFile, readFileIfExists } from '@docker-mtls/files';
import { pushList } from './push-list.ts';
import type { SshEnvironment, Pushed, PushTarget } from './push-list.ts';

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
  env: SshEnvironment,
): Promise<readonly Pushed[]> {
  const theirs = unlessRefused(() => readFileIfExists(plugin, LARGEST_LIST));
  if (targets.length === 0 && theirs === undefined) return [];
  const lists = readFile(path.join(directory, 'crl.pem'), LARGEST_LIST);
  const isNamed = targets.some((target) => 'path' in target && target.path === plugin);
  const all =
    isNamed || theirs === undefined || !shareIssuer(theirs, lists) ? targets : [...targets, { path: plugin }];
  const pushed: Pushed[] = [];
  for (const target of all) pushed.push(await pushList(target, lists.toString('latin1'), env));
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
