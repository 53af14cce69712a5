import { validityState } from '@docker-mtls/ca';
import { hasKey, inPlace, issuePair, lostKeyHint, requireCurrent } from '@docker-mtls/authority';
import type { Session } from '@docker-mtls/authority';
import { clientFiles } from '@docker-mtls/authority/archives';
import type { Entry } from '@docker-mtls/ca-directory';
import type { CiOrder } from './order.ts';
import type { CiCredentials } from '../ci-credentials.ts';
import { CiError } from '../error.ts';

/** A pair that an automation server can be given, and whether it was issued for that. */
export type GoodPair = { readonly entry: Entry; readonly issued: boolean };

/**
 * The client's pair; a new one when there is none, or when less than a third of its life is left. (What comes after is
 * stored in the server by hand or by a timer, so the last day would be too late.) Codes: `CI_KEY_ELSEWHERE`,
 * `CI_PAIR_LONG`.
 */
export async function goodPair(session: Session, order: CiOrder): Promise<GoodPair> {
  const { reader, caller } = session;
  const standing = await reader.current('client', order.name);
  const entry = standing && (await inPlace(session, standing));
  if (entry !== undefined && validityState(entry, caller.now()) === 'valid') {
    const kept = withKey(entry);
    refuseLong(kept, order.lifetime);
    return { entry: kept, issued: false };
  }
  await issuePair(session, {
    kind: 'client',
    name: order.name,
    groups: order.groups.length > 0 ? order.groups : groupsOf(entry),
    sans: [],
    lifetime: order.lifetime,
    force: entry !== undefined,
  });
  return { entry: await requireCurrent(reader, 'client', order.name), issued: true };
}

/** Certificates begin minutes before they are issued. */
const BEGINS_BEFORE = 3600;

/** What leaks from a server is of use until it ends: nobody's long-lived pair gets there by chance. */
function refuseLong({ name, notBefore, notAfter }: Entry, lifetime: number): void {
  const life = (notAfter.getTime() - notBefore.getTime()) / 1000;
  if (life <= lifetime + BEGINS_BEFORE) return;
  const days = Math.round(life / 86_400);
  throw new CiError(
    'CI_PAIR_LONG',
    `the pair of ${JSON.stringify(name)} was issued for ${days} days, longer than a server should keep one`,
    {
      hint: `name a client of the server's own, which is issued for a month; or --ttl ${days}d to hand this one over`,
    },
  );
}

/** A renewed client stays in its groups. */
function groupsOf(entry: Entry | undefined): readonly string[] {
  return entry?.certificate().info.subject.organizationalUnits ?? [];
}

/** The same, if its key is here. Code: `CI_KEY_ELSEWHERE`. */
function withKey(entry: Entry): Entry {
  if (hasKey(entry)) return entry;
  throw new CiError('CI_KEY_ELSEWHERE', `the key of ${JSON.stringify(entry.name)} is not here`, {
    hint: `export a client whose key is here, under a name of its own; ${lostKeyHint(entry)}`,
  });
}

/** What an automation server is given of a client. Code: `CI_KEY_ELSEWHERE`. */
export function credentialsOf(entry: Entry): CiCredentials {
  const { ca, certificate, key } = clientFiles(withKey(entry));
  if (key === undefined) throw new Error('a client without a key was taken for one with it');
  const { name: client, notAfter, fingerprint } = entry;
  return { client, ca, certificate, key, notAfter, fingerprint };
}
