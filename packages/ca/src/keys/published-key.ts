import { sha256Bytes } from '../sha256.ts';

const BOOK = 'the images diamol/pwd-tls of "Learn Docker in a Month of Lunches"';
const RFC_9500 = 'RFC 9500 (test keys)';

/** Public keys whose private halves anybody can download, by the SHA-256 of their SubjectPublicKeyInfo, and where. */
const PUBLISHED: ReadonlyMap<string, string> = new Map([
  // CA, server and client.
  ['564981eb5e459a545e7510502f8f54523df5d733abde73c7998999f391097d96', BOOK],
  ['eff29d82de16cce6b9edded6c4a67f69d7ddbd7a8cab500b60ba226732f4bddf', BOOK],
  ['6915aa0956358bfec2908de743fe70d705c3a40fcdd8801948d23f1fac20c54d', BOOK],
  ['f0925d363de92d67362f5ce40250a1186f2a0be8e00279f44392719fb628c318', 'the tests of moby (client)'],
  ['4f2b662882b43198a9941a1000695e9977f4a215435b02c10d894bd0ef925183', 'the tests of moby (server)'],
  ['64eebde4d94a861ca1b062a103ef51d4d8a2c1b0a2133838198230e9c85407ed', 'the tests of Go (localhost)'],
  // RSA 2048 and 4096, P-256, P-384, P-521.
  ['8fb6bad671cfe698393c453357da61b56d757ab8c0f3fb9c87f2849e63131878', RFC_9500],
  ['96465ea5dc9bb2da7b351d808a7196e5761f2412a5040131c68d719aaba28fb9', RFC_9500],
  ['b2b04340cfaee616ec9c2c62d261b208e54bb197498df52e8cadede23ac0ba5e', RFC_9500],
  ['c4c10105a0be0ed4dd3354428dc38a9bfee64da141ce16e75c94eda272f9dd3a', RFC_9500],
  ['acb1b8327fef995e2458fdf5e3c33b2dc0749feabd6a894cb9bda9d70ac06c24', RFC_9500],
]);

/** Where a key's private half was published; `undefined` when nothing of the kind is known. */
export function keyPublishedIn(spki: Buffer): string | undefined {
  return PUBLISHED.get(sha256Bytes(spki).toString('hex'));
}
