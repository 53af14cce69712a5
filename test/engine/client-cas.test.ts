import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { privateKeyToPem, readKeyPair, type Certificate, type KeyPair } from '@docker-mtls/ca';
import { constrainedCa, namedClient } from '../../packages/ca/testing/constrained.ts';
import { CONSTRAINT_CASES, type ConstraintCase } from '../../packages/ca/testing/constraint-cases.ts';
import { ODD_CLIENTS, makeOdd } from '../../packages/ca/testing/odd-clients.ts';
import { sharedKey } from '../../packages/ca/testing/fixtures.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { cliJson } from '../support/cli.ts';
import { docker } from '../support/docker-cli.ts';
import { startEngine } from '../support/engine.ts';
import { freePort } from '../support/free-port.ts';
import { writeCertPath } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';
import { days, issuePair, makeAuthority } from '../support/test-ca.ts';
import { tlsRequest } from '../support/tls-client.ts';

const VERSION = '28.5';
const NOW = days(-1, 1);
const VALIDITY = [NOW.notBefore, NOW.notAfter] as const;

/** Rows of which all releases of Go say the same. */
const ROWS = CONSTRAINT_CASES.filter(({ onlyNewer = false }) => !onlyNewer).map((row, at) => ({
  ...row,
  name: `CA ${at}`,
}));

/** The same of what else is odd. */
const ODD = ODD_CLIENTS.filter(({ dependsOnGo = false }) => !dependsOnGo).map((row, at) => ({
  ...row,
  ...makeOdd(row, `odd CA ${at}`, VALIDITY),
}));

type Row = ConstraintCase & { readonly name: string };

/** As `openssl ecparam -name secp521r1 -genkey` makes them. */
function p521(): KeyPair {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' });
  return readKeyPair(String(privateKey.export({ format: 'pem', type: 'pkcs8' })));
}

function caOf({ name, rules, critical = false }: Row): Certificate {
  return constrainedCa({ name, rules, critical, validity: VALIDITY });
}

describeNeeding(
  [...engineNeeds(VERSION), 'openssl', 'docker command'],
  `engine ${VERSION}, of clients whose CAs are not the server's`,
  () => {
    const servers = makeAuthority('servers', 'ec-p256');
    const clients = makeAuthority('clients', p521());
    let port: number;

    beforeAll(async () => {
      const home = temporaryFolder();
      const file = (name: string, text: string): string => {
        fs.writeFileSync(path.join(home, name), text, { mode: 0o600 });
        return path.join(home, name);
      };
      port = await freePort();
      const pair = issuePair(servers.authority, 'server', {
        name: 'node1',
        sans: ['localhost', '127.0.0.1'],
      });
      const config = {
        hosts: [`unix://${home}/s`, `tcp://127.0.0.1:${port}`],
        tlsverify: true,
        tlscacert: file(
          'clients.pem',
          [clients.pem, ...[...ROWS.map(caOf), ...ODD.map(({ ca }) => ca)].map(({ pem }) => pem)].join(''),
        ),
        tlscert: file('cert.pem', pair.certificate),
        tlskey: file('key.pem', pair.key),
      };
      await startEngine({ version: VERSION, configFile: file('daemon.json', JSON.stringify(config)) });
    });

    async function isServed({ pem: certificate }: Certificate): Promise<boolean> {
      const pair = { certificate, key: privateKeyToPem(sharedKey('ec-p256')) };
      return 'status' in (await tlsRequest({ port, host: '127.0.0.1', ca: servers.pem, pair }));
    }

    test.each(ROWS)('does as is said of $rules $names', async ({ name, names, problem }) => {
      const client = namedClient(names, { name, validity: VALIDITY });
      expect(await isServed(client)).toBe(problem === undefined);
    });

    test.each(ODD)('does as is said of $what: $problem', async ({ client, problem }) => {
      expect(await isServed(client)).toBe(problem === undefined);
    });

    test('serves one of P-521 keys, of another CA, in files that hold more than they need, and context check sees that the engine serves it', async () => {
      const alice = issuePair(clients.authority, 'client', { name: 'alice', keyPair: p521() });
      const both = `${alice.key}${alice.certificate}`;
      const folder = writeCertPath(`${servers.pem}${alice.key}`, { certificate: both, key: both });
      const home = temporaryFolder();
      const files = ['ca', 'cert', 'key'].map((name) => `${name}=${folder}/${name}.pem`);
      const endpoint = [`host=tcp://127.0.0.1:${port}`, ...files].join(',');
      const create = ['context', 'create', 'split', '--docker', endpoint];
      expect(await docker(create, { version: VERSION, home })).toMatchObject({ code: 0 });
      const version = ['--context', 'split', 'version', '--format', '{{.Server.Os}}'];
      expect(await docker(version, { version: VERSION, home })).toMatchObject({ code: 0, stdout: 'linux\n' });
      const env = { DOCKER_CONFIG: path.join(home, '.docker') };
      expect(await cliJson(['context', 'check', 'split', '--within', '1h'], { home, env })).toMatchObject({
        problems: [],
        unknown: [],
        served: true,
      });
    });
  },
);
