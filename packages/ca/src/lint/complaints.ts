import type { CertificateInfo } from '../certificate/certificate.ts';
import { ipOctets } from '../names/ip-address.ts';
import type { LintFinding } from './rule.ts';

/** What clients and engines complain of, in the words that they use: lint holds a certificate against RFC 5280 alone. */
export function complaintsOf(info: CertificateInfo): LintFinding[] {
  if (info.isCa) return [];
  return [...addressComplaints(info), ...nameComplaints(info), ...purposeComplaints(info)];
}

/** RFC 6125 section 6.4: an address is compared with addresses alone. */
function addressComplaints({ sans }: CertificateInfo): LintFinding[] {
  return sans
    .filter(({ kind, value }) => kind === 'dns' && isAddress(value))
    .map(({ value }) => ({
      rule: 'address-as-dns-name',
      severity: 'error',
      message: `${value} is written as a DNS name, so clients that connect to it say: x509: cannot validate certificate for ${value} because it doesn't contain any IP SANs`,
      citation: 'RFC 5280 section 4.2.1.6',
    }));
}

/** With a zone too: a client takes `fe80::1%eth0` for an address. */
function isAddress(text: string): boolean {
  return ipOctets(text.replace(/%.*$/s, '')) !== undefined;
}

/** Go has ignored the common name since 1.15, as RFC 9525 demands. */
function nameComplaints({ sans, otherNames, extKeyUsage, subject }: CertificateInfo): LintFinding[] {
  const mayServe = extKeyUsage.length === 0 || extKeyUsage.includes('serverAuth');
  if (!mayServe || sans.length + otherNames.length > 0) return [];
  const named =
    subject.commonName === undefined ? '' : `; its common name ${subject.commonName} counts for nothing`;
  return [
    {
      rule: 'server-without-names',
      severity: extKeyUsage.length === 0 ? 'warning' : 'error',
      message: `it has no subjectAltName${named}: clients of an engine with it say: x509: certificate relies on legacy Common Name field, use SANs instead`,
      citation: 'RFC 9525 section 2',
    },
  ];
}

function purposeComplaints({ extKeyUsage }: CertificateInfo): LintFinding[] {
  if (extKeyUsage.length > 0) return [];
  return [
    {
      rule: 'leaf-without-purpose',
      severity: 'warning',
      message:
        "it has no extKeyUsage, so it is good for an engine and for a client alike: the holder of an engine's key can then use every engine of its CA",
      citation: 'RFC 5280 section 4.2.1.12',
    },
  ];
}
