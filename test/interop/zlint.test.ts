import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cachedTool } from '../support/cache.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { output } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { makeChains } from './chains.ts';

const zlint = cachedTool('zlint');

/**
 * Rules for CAs that browsers, mail programs or a state trust: they ask for revocation services and forbid internal
 * names. All other sources, which speak of X.509 itself, count.
 */
const FOR_PUBLIC_CAS = ['CABF_BR', 'CABF_EV', 'CABF_SMIME_BR', 'Mozilla', 'Apple', 'ETSI_ESI'];

/** What zlint says where it has nothing to say. */
const SILENT = ['pass', 'NA', 'NE'];

/** A notice, not a finding: the name is there on purpose, and no public CA is asked for it. */
const EXPECTED = 'info n_san_iana_pub_suffix_empty 1 DNS name(s) are bare public suffixes: localhost';

type Verdicts = Readonly<Record<string, { readonly result: string; readonly details?: string }>>;

async function findings(file: string): Promise<readonly string[]> {
  const printed = await output(zlint ?? '', ['-excludeSources', FOR_PUBLIC_CAS.join(','), file]);
  const verdicts = Object.entries(JSON.parse(printed) as Verdicts);
  // A linter that judged nothing has found nothing.
  expect(verdicts.filter(([, { result }]) => result === 'pass').length).toBeGreaterThan(0);
  return verdicts
    .filter(([, { result }]) => !SILENT.includes(result))
    .map(([lint, { result, details = '' }]) => `${result} ${lint} ${details}`)
    .filter((finding) => finding !== EXPECTED);
}

describeNeeding(['zlint', 'openssl'], 'zlint', () => {
  const chains = makeChains();

  describe.each(chains.map((chain) => ({ chain, name: chain.keyType })))('$name', ({ chain }) => {
    test.each([
      { kind: 'the CA', files: [chain.ca] },
      { kind: 'the server', files: [chain.server] },
      { kind: 'the clients', files: chain.clients },
      { kind: 'the revocation lists', files: chain.crls },
    ])('has nothing to say about $kind', async ({ files }) => {
      for (const file of files)
        expect({ file, findings: await findings(file) }).toEqual({ file, findings: [] });
    });
  });

  test('does find what is wrong', async () => {
    const file = path.join(temporaryFolder(), 'bad.pem');
    const words = ['-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-out', file, '-subj', '/CN=x'];
    await output('openssl', ['req', '-x509', '-set_serial', '0', ...words]);
    expect(await findings(file)).toContain('error e_serial_number_not_positive ');
  });
});
