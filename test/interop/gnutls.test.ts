import fs from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { run, type Finished } from '../support/run.ts';
import { makeChains, SERVER_ADDRESSES, type Chain } from './chains.ts';

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

function verify(chain: Chain, file: string, ...options: string[]): Promise<Finished> {
  return run('certtool', ['--verify', '--load-ca-certificate', chain.ca, '--infile', file, ...options]);
}

const ACCEPTED = {
  code: 0,
  stdout: expect.stringMatching(/Chain verification output: Verified\. The certificate is trusted\./u),
};
const REFUSED = { code: 1, stdout: expect.stringMatching(/Chain verification output: Not verified\./u) };

describeNeeding(['certtool'], 'GnuTLS', () => {
  const chains = makeChains();

  describe.each(chains.map((chain) => ({ chain, name: chain.keyType })))('$name', ({ chain }) => {
    test('takes the server for a server, under each of its names', async () => {
      const names = ['node1.example.com', 'localhost', 'xn--bcher-kva.example', 'runner7.build.example.com'];
      for (const name of [...names, ...SERVER_ADDRESSES]) {
        const verdict = await verify(
          chain,
          chain.server,
          '--verify-purpose',
          SERVER_AUTH,
          '--verify-hostname',
          name,
        );
        expect({ name, ...verdict }).toMatchObject({ name, ...ACCEPTED });
      }
    });

    test('takes each client for a client', async () => {
      for (const client of chain.clients) {
        expect(await verify(chain, client, '--verify-purpose', CLIENT_AUTH)).toMatchObject(ACCEPTED);
      }
    });

    test('follows a chain from leaf to root', async () => {
      const input = fs.readFileSync(chain.server, 'utf8') + fs.readFileSync(chain.ca, 'utf8');
      expect(await run('certtool', ['--verify-chain'], { input })).toMatchObject(ACCEPTED);
    });

    test('refuses either role to the other, and another name', async () => {
      const [client = ''] = chain.clients;
      expect(await verify(chain, chain.server, '--verify-purpose', CLIENT_AUTH)).toMatchObject(REFUSED);
      expect(await verify(chain, client, '--verify-purpose', SERVER_AUTH)).toMatchObject(REFUSED);
      expect(await verify(chain, chain.server, '--verify-hostname', 'node2.example.com')).toMatchObject(
        REFUSED,
      );
    });

    test('reads the revocation lists', async () => {
      const [empty = '', filled = ''] = chain.crls;
      expect(await readCrl(empty)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/No revoked certificates/iu),
      });
      const { stdout } = await readCrl(filled);
      expect(stdout).toMatch(/Revoked certificates \(2\)/u);
      expect(stdout).toMatch(/0a1b2c3d4e5f60718293a4b5c6d7e8f9/u);
    });

    test('finds the revocation lists signed by the CA', async () => {
      for (const crl of chain.crls) {
        const verdict = await run('certtool', [
          '--verify-crl',
          '--load-ca-certificate',
          chain.ca,
          '--infile',
          crl,
        ]);
        expect(verdict).toMatchObject({ code: 0, stdout: expect.stringMatching(/Verified/u) });
      }
    });
  });
});

function readCrl(file: string): Promise<Finished> {
  return run('certtool', ['--crl-info', '--infile', file]);
}
