import type { Entry, StoreReader } from '@docker-mtls/store';
import { hasKey, requireCurrent } from '../../current-entry.ts';
import { issuePair } from '../../issue-pair.ts';
import type { Session } from '../../session.ts';
import type { CiOrder } from './order.ts';
import { MtlsError } from '@docker-mtls/errors';

/** A pair that an automation server can be given, and whether it was issued for that. */
export type GoodPair = { readonly entry: Entry; readonly issued: boolean };

/**
 * The client's pair; a new one when there is none, or when less than a third of its life is left. (What comes after is
 * stored in the server by hand or by a timer, so the last day would be too late.) Code: `CI_KEY_ELSEWHERE`.
 */
export async function goodPair(session: Session, order: CiOrder): Promise<GoodPair> {
  const { reader, io } = session;
  const entry = reader.current('client', order.name);
  if (entry !== undefined && isGood(entry, io.now())) return { entry: withKey(entry), issued: false };
  await issuePair(session, {
    kind: 'client',
    name: order.name,
    groups: order.groups.length > 0 ? order.groups : groupsOf(entry),
    sans: [],
    lifetime: order.lifetime,
    force: entry !== undefined,
  });
  return { entry: currentClient(reader, order.name), issued: true };
}

function isGood({ notBefore, notAfter }: Entry, now: Date): boolean {
  const life = notAfter.getTime() - notBefore.getTime();
  return notAfter.getTime() - now.getTime() >= life / 3;
}

/** A renewed client stays in its groups. */
function groupsOf(entry: Entry | undefined): readonly string[] {
  return entry?.certificate().info.subject.organizationalUnits ?? [];
}

function currentClient(reader: StoreReader, name: string): Entry {
  return requireCurrent(reader, 'client', name);
}

function withKey(entry: Entry): Entry {
  if (hasKey(entry)) return entry;
  throw new MtlsError('CI_KEY_ELSEWHERE', `the key of ${JSON.stringify(entry.name)} is not here`, {
    hint: 'its certificate was issued for a request: export a client whose key was made here, under a name of its own',
  });
}
