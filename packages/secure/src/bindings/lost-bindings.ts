import type { StoreReader } from '@docker-mtls/ca-directory';
import { matchesSubject } from '@docker-mtls/policy';
import type { BoundSubject, CertificateSubject } from '@docker-mtls/policy';
import { clientsMatching } from './clients-matching.ts';
import { isClientInForce, registered } from './registered-clients.ts';

/** A subject of a binding that no client matches any more. */
export type LostBinding = BoundSubject & { readonly policy: string };

/** The subjects of all bindings, and the clients that they are about. */
export type Bindings = {
  readonly bound: readonly LostBinding[];
  readonly reader: StoreReader;
  readonly now: () => Date;
};

/** Bindings, each with the serial number of a certificate that matches it. */
export type MatchedBindings = Map<LostBinding, string>;

/** The client with that serial number, as policies see it, if its certificate is in force. */
export async function clientSubject(
  { reader, now }: Bindings,
  serial: string,
): Promise<CertificateSubject | undefined> {
  const entry = (await reader.find(serial)).find((each) => each.serial === serial);
  return entry !== undefined && isClientInForce(entry, now()) ? registered(entry).subject : undefined;
}

export function matchingBindings({ bound }: Bindings, subject: CertificateSubject): readonly LostBinding[] {
  return bound.filter((each) => matchesSubject(each.subject, subject));
}

/** Of these bindings, those that no client in force matches, but for the ones that are `gone`. */
export async function unmatchedOf(
  bindings: Bindings,
  matched: MatchedBindings,
  gone: ReadonlySet<string> = new Set(),
): Promise<readonly LostBinding[]> {
  const lost = new Set<LostBinding>();
  for (const [binding, serial] of matched)
    if (!(await isMatched(bindings, binding, { serial, gone }))) lost.add(binding);
  return asInPolicy(bindings, lost);
}

type Matching = { readonly serial: string; readonly gone: ReadonlySet<string> };

async function isMatched(
  bindings: Bindings,
  { subject }: LostBinding,
  { serial, gone }: Matching,
): Promise<boolean> {
  // A fingerprint is that of one certificate.
  if (subject.kind === 'fingerprint')
    return !gone.has(serial) && (await clientSubject(bindings, serial)) !== undefined;
  for await (const { entry } of clientsMatching(bindings.reader, subject, bindings.now()))
    if (!gone.has(entry.serial)) return true;
  return false;
}

/** Those that some client matches now, and none would with a certificate of that key. */
export async function boundToOtherKeys(bindings: Bindings, issuer: string): Promise<readonly LostBinding[]> {
  const lost = new Set<LostBinding>(await pinnedToOtherKeys(bindings, issuer));
  for (const binding of bindings.bound) {
    const { subject } = binding;
    if (subject.kind === 'fingerprint' || subject.issuer === undefined || subject.issuer === issuer) continue;
    if (await isMatched(bindings, binding, { serial: '', gone: new Set() })) lost.add(binding);
  }
  return asInPolicy(bindings, lost);
}

async function pinnedToOtherKeys(
  { bound, reader, now }: Bindings,
  issuer: string,
): Promise<readonly LostBinding[]> {
  const pinned = bound.flatMap((binding) =>
    binding.subject.kind === 'fingerprint' ? [{ binding, fingerprint: binding.subject.value }] : [],
  );
  if (pinned.length === 0) return [];
  const fingerprints = pinned.map(({ fingerprint }) => fingerprint);
  const entries = await reader.entries({ kind: 'client', fingerprints });
  const old = entries.filter(
    (entry) => isClientInForce(entry, now()) && registered(entry).subject.issuer !== issuer,
  );
  return pinned
    .filter(({ fingerprint }) => old.some((entry) => entry.fingerprint === fingerprint))
    .map(({ binding }) => binding);
}

function asInPolicy({ bound }: Bindings, some: ReadonlySet<LostBinding>): readonly LostBinding[] {
  return bound.filter((each) => some.has(each));
}
