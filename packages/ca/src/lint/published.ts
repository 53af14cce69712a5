import type { Finding } from './rule.ts';

const BOOK = 'the images diamol/pwd-tls of "Learn Docker in a Month of Lunches"';

/** Certificates whose private keys anybody can download, by the SHA-256 of their DER, and where. */
const PUBLISHED: ReadonlyMap<string, string> = new Map([
  ['baee99a364832e3d0b0b00b70901f3e60a4967532c6c31ab7b911140b584611c', BOOK],
  ['49e6a7dd452237f6ed7d772256ff545575552118e62939897c905a59374980ac', BOOK],
  ['ca0bd5b7dee2f1b856b36d51f60293af5e782bca0c12eebf8221b73e0e98b648', BOOK],
]);

/** Where a certificate's private key was published; `undefined` when we know nothing of the kind. */
export function publishedIn(fingerprint: string): string | undefined {
  return PUBLISHED.get(fingerprint);
}

/** The finding for such a certificate: it proves nothing, whatever else is right about it. */
export function publishedFindings(fingerprint: string, lookUp: typeof publishedIn = publishedIn): Finding[] {
  const where = lookUp(fingerprint);
  if (where === undefined) return [];
  return [
    {
      rule: 'private-key-published',
      severity: 'error',
      message: `its private key is public, in ${where}: whoever wants can pose as its owner`,
      citation: 'RFC 5280 section 8',
    },
  ];
}
