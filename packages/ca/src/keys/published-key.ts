import { sha256 } from '../sha256.ts';

/** Public keys whose private halves anybody can download, by the SHA-256 of their SubjectPublicKeyInfo, and where. */
const PUBLISHED: ReadonlyMap<string, string> = new Map([
  ['f0925d363de92d67362f5ce40250a1186f2a0be8e00279f44392719fb628c318', 'the tests of moby (client)'],
  ['4f2b662882b43198a9941a1000695e9977f4a215435b02c10d894bd0ef925183', 'the tests of moby (server)'],
  ['64eebde4d94a861ca1b062a103ef51d4d8a2c1b0a2133838198230e9c85407ed', 'the tests of Go (localhost)'],
]);

/** Where a key's private half was published; `undefined` when nothing of the kind is known. */
export function keyPublishedIn(spki: Buffer): string | undefined {
  return PUBLISHED.get(sha256(spki).toString('hex'));
}
