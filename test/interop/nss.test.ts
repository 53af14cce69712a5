import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { output, run, type Finished } from '../support/run.ts';
import { makeChains, type Chain } from './chains.ts';

// NSS before 3.99 knows no Ed25519.
const UNKNOWN_TO_NSS = ['ed25519'];
describeNeeding(['tools of NSS'], 'NSS', () => {
  const chains = makeChains().filter(({ keyType }) => !UNKNOWN_TO_NSS.includes(keyType));

  describe.each(chains.map((chain) => ({ chain, name: chain.keyType })))('$name', ({ chain }) => {
    const database = `sql:${path.join(chain.folder, 'nss')}`;
    beforeAll(() => fillDatabase(chain, database));

    test('certutil takes the server for a server', async () => {
      expect(await certutil(database, 'server', 'V')).toMatchObject({ code: 0, stdout: VALID });
    });

    test('certutil takes each client for a client', async () => {
      for (const index of chain.clients.keys()) {
        expect(await certutil(database, `client-${index}`, 'C')).toMatchObject({ code: 0, stdout: VALID });
      }
    });

    test('certutil takes the CA for one', async () => {
      expect(await certutil(database, 'ca', 'L')).toMatchObject({ code: 0, stdout: VALID });
    });

    test('certutil refuses either role to the other', async () => {
      expect(await certutil(database, 'server', 'C')).toMatchObject({ code: 255, stdout: WRONG_TYPE });
      expect(await certutil(database, 'client-0', 'V')).toMatchObject({ code: 255, stdout: WRONG_TYPE });
    });

    test.each(libraries(chain, database))(
      'vfychain, by $library, accepts and refuses the same',
      async ({ words }) => {
        const verify = (usage: string, file: string): Promise<Finished> =>
          run('vfychain', [...words.before, '-u', usage, '-a', file, ...words.after]);
        expect(await verify(SSL_SERVER, chain.server)).toMatchObject(GOOD);
        for (const client of chain.clients) expect(await verify(SSL_CLIENT, client)).toMatchObject(GOOD);
        expect(await verify(SSL_CLIENT, chain.server)).toMatchObject(BAD);
        expect(await verify(SSL_SERVER, chain.clients[0] ?? '')).toMatchObject(BAD);
      },
    );
  });
});

/** NSS has two verifiers: the older one takes its roots from a database alone. */
function libraries(chain: Chain, database: string) {
  return [
    { library: 'the old library', words: { before: ['-d', database], after: [] } },
    { library: 'the PKIX library', words: { before: ['-pp'], after: ['-t', '-a', chain.ca] } },
  ];
}

const VALID = expect.stringMatching(/certificate is valid/u);
const WRONG_TYPE = expect.stringMatching(/(?:type not approved for application|key usage inadequate)/u);
const GOOD = { code: 0, stderr: expect.stringMatching(/Chain is good!/u) };
const BAD = {
  code: 1,
  stderr: expect.stringMatching(
    /Chain is bad![^]*ERROR -810[12]: Certificate (?:type not approved|key usage inadequate)/u,
  ),
};
const SSL_CLIENT = '0';
const SSL_SERVER = '1';

async function fillDatabase(chain: Chain, database: string): Promise<void> {
  await output('mkdir', ['-p', database.slice('sql:'.length)]);
  await output('certutil', ['-N', '-d', database, '--empty-password']);
  const add = (name: string, trust: string, file: string): Promise<string> =>
    output('certutil', ['-A', '-d', database, '-n', name, '-t', trust, '-a', '-i', file]);
  await add('ca', 'CT,,', chain.ca);
  await add('server', ',,', chain.server);
  for (const [index, file] of chain.clients.entries()) await add(`client-${index}`, ',,', file);
}

function certutil(database: string, name: string, usage: string): Promise<Finished> {
  return run('certutil', ['-V', '-d', database, '-n', name, '-u', usage, '-e']);
}
