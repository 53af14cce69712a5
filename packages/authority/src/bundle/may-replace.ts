import path from 'node:path';
import { openBundle } from '@docker-mtls/bundle/open';
import type { Entry } from '@docker-mtls/ca-directory';
import { shellWord, unlessRefused } from '@docker-mtls/errors';
import { AuthorityError } from '../error.ts';
import { isEarlierBundle } from '../write-bundle.ts';
import type { MayReplace } from '../write-bundle.ts';
import type { BundleOrder } from './bundle-order.ts';

/**
 * What this client was handed before gives way to a new bundle; not what names engines that the new one would not name: its
 * reader would not reach them any more. Code: `BUNDLE_EXISTS`.
 */
export function mayReplace(
  { force, hosts }: Pick<BundleOrder, 'force' | 'hosts'>,
  client: Entry,
  file: string,
): MayReplace {
  return (old) => {
    if (force) return true;
    if (old === undefined || !isEarlierBundle(old, client)) return false;
    const urls = new Set(hosts.map(({ url }) => url));
    const earlier = unlessRefused(() => openBundle(old, { now: 'any' }))?.hosts ?? [];
    const lost = earlier.filter(({ url }) => !urls.has(url)).map(({ url }) => url.slice('tcp://'.length));
    if (lost.length > 0) throw losesEngines(file, lost);
    return true;
  };
}

function losesEngines(file: string, lost: readonly string[]): AuthorityError {
  const words = lost.map((host) => `--for ${shellWord(host)}`).join(' ');
  const message = `${path.basename(file)} is for ${lost.join(', ')}, and the new bundle would not be`;
  return new AuthorityError('BUNDLE_EXISTS', message, {
    hint: `add ${words}, or write elsewhere with -o, or replace it with --force`,
  });
}
