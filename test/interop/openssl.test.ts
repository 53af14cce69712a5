import { describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { run, type Finished } from '../support/run.ts';
import { makeChains, SERVER_ADDRESSES, type Chain } from './chains.ts';

function verify(chain: Chain, file: string, ...options: string[]): Promise<Finished> {
  const strict = ['-x509_strict', '-check_ss_sig', '-verify_depth', '1', '-CAfile', chain.ca];
  return run('openssl', ['verify', ...strict, ...options, file]);
}

describeNeeding(['openssl'], 'OpenSSL', () => {
  const chains = makeChains();

  describe.each(chains.map((chain) => ({ chain, name: chain.keyType })))('$name', ({ chain }) => {
    test('takes the server for a server, under each of its names', async () => {
      const names = ['node1.example.com', 'localhost', 'xn--bcher-kva.example', 'runner7.build.example.com'];
      const wanted = [
        ...names.map((name) => ['-verify_hostname', name]),
        ...SERVER_ADDRESSES.map((address) => ['-verify_ip', address]),
      ];
      for (const options of wanted) {
        const verdict = await verify(chain, chain.server, '-purpose', 'sslserver', ...options);
        expect({ options, ...verdict }).toMatchObject({ options, code: 0, stdout: `${chain.server}: OK\n` });
      }
    });

    test('takes each client for a client', async () => {
      for (const client of chain.clients) {
        const verdict = await verify(chain, client, '-purpose', 'sslclient');
        expect(verdict).toMatchObject({ code: 0, stdout: `${client}: OK\n` });
      }
    });

    test('takes the CA for one', async () => {
      const verdict = await verify(chain, chain.ca, '-purpose', 'crlsign');
      expect(verdict).toMatchObject({ code: 0, stdout: `${chain.ca}: OK\n` });
    });

    test('refuses either role to the other', async () => {
      const asClient = await verify(chain, chain.server, '-purpose', 'sslclient');
      expect(asClient.stderr).toMatch(/unsuitable certificate purpose/u);
      const asServer = await verify(chain, chain.clients[0] ?? '', '-purpose', 'sslserver');
      expect(asServer.stderr).toMatch(/unsuitable certificate purpose/u);
    });

    test('refuses the server under another name', async () => {
      const verdict = await verify(chain, chain.server, '-verify_hostname', 'node2.example.com');
      expect(verdict.stderr).toMatch(/hostname mismatch/u);
    });

    test('reads the revocation lists and finds them signed by the CA', async () => {
      for (const crl of chain.crls) {
        const verdict = await run('openssl', ['crl', '-in', crl, '-noout', '-verify', '-CAfile', chain.ca]);
        expect(verdict).toMatchObject({ code: 0, stderr: expect.stringMatching(/verify OK/u) });
      }
    });

    test('accepts the client against the revocation list', async () => {
      const [client = ''] = chain.clients;
      const [, crl = ''] = chain.crls;
      const verdict = await verify(chain, client, '-purpose', 'sslclient', '-crl_check_all', '-CRLfile', crl);
      expect(verdict).toMatchObject({ code: 0, stdout: `${client}: OK\n` });
    });
  });
});
