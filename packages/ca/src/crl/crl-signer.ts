import { parsedForm } from '../certificate/certificate.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { readAlgorithm } from '../certificate/signature-algorithm.ts';
import { isSignedBy } from '../certificate/signed-by.ts';
import { DerReader, readSequence, wholeOctets } from '../der/read.ts';
import { TAG } from '../der/tag.ts';
import type { Crl } from './read-crl.ts';

/**
 * The CA among these that signed a list (RFC 5280 section 6.3.3): its name, its key, and it may sign lists. Dates are not looked
 * at. Undefined: none of them.
 */
export function crlSigner({ der }: Pick<Crl, 'der'>, roots: readonly Certificate[]): Certificate | undefined {
  const reader = readSequence(der, 'revocation list');
  const tbs = reader.read(TAG.sequence, 'revocation list');
  const algorithm = readAlgorithm(reader.read(TAG.sequence, 'signature algorithm'), 'signature algorithm');
  const signature = wholeOctets(reader.read(TAG.bitString, 'signature'), 'signature');
  const issuer = issuerOf(tbs.content);
  return roots.find((root) => {
    const parsed = parsedForm(root).tbs;
    const usages = parsed.keyUsage?.usages ?? [];
    const maySign = usages.length === 0 || usages.includes('cRLSign');
    return (
      maySign && parsed.subject.der.equals(issuer) && isSignedBy(parsed.spki, algorithm, tbs.der, signature)
    );
  });
}

function issuerOf(tbs: Buffer): Buffer {
  const reader = new DerReader(tbs);
  reader.read(TAG.integer, 'version');
  reader.read(TAG.sequence, 'signature algorithm');
  return reader.read(TAG.sequence, 'issuer').der;
}
