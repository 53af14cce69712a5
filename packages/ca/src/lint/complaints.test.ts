import { describe, expect, test } from '@jest/globals';
import { issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { complaintsOf, readCertificate } from '../index.ts';

const CA = makeAuthority('our CA', 'ec-p256');
const server = issuePair(CA.authority, 'server', { name: 'node1', sans: ['node1', '10.0.0.1'] });
const client = issuePair(CA.authority, 'client', { name: 'alice' });
const SERVER = readCertificate(server.certificate).info;
const CLIENT = readCertificate(client.certificate).info;

describe('what clients complain of', () => {
  test('nothing of what is issued here', () => {
    for (const info of [SERVER, CLIENT, CA.authority.certificate.info])
      expect(complaintsOf(info)).toEqual([]);
  });

  test.each([
    { what: 'a server without names', changes: { sans: [] }, rules: ['server-without-names error'] },
    {
      what: 'an address as a DNS name',
      changes: { sans: [{ kind: 'dns', value: '192.168.1.5' }] as const },
      rules: ['address-as-dns-name error'],
    },
    {
      what: 'an IPv6 address as a DNS name',
      changes: { sans: [{ kind: 'dns', value: '::1' }] as const },
      rules: ['address-as-dns-name error'],
    },
    {
      what: 'neither names nor purpose',
      changes: { sans: [], extKeyUsage: [] },
      rules: ['server-without-names warning', 'leaf-without-purpose warning'],
    },
  ])('is named: $what', ({ changes, rules }) => {
    const found = complaintsOf({ ...SERVER, ...changes }).map(({ rule, severity }) => `${rule} ${severity}`);
    expect(found).toEqual(rules);
  });

  test('stands in the words of the client', () => {
    const [finding] = complaintsOf({ ...SERVER, sans: [] });
    expect(finding?.message).toContain('certificate relies on legacy Common Name field, use SANs instead');
    expect(finding?.message).toContain('its common name node1');
  });
});
