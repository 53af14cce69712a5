import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { cli, cliJson } from '../support/cli.ts';
import { currentPair } from '../support/current-pair.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { freePort } from '../support/free-port.ts';
import { engineNeeds } from '../support/needs.ts';
import { secureEngine, SERVER } from '../support/secured-engine.ts';
import type { SecuredEngine } from '../support/secured-engine.ts';
import { temporaryFolder } from '../support/temp.ts';
import { haproxy } from '../support/tls-servers.ts';

const VERSION = '28.5';
const OTHER_CERTIFICATE = 'DM129';

type Answer = { readonly code: number | undefined; readonly ids: readonly string[] };

async function inFront(listen: (port: number) => string): Promise<number> {
  const port = await freePort();
  await haproxy(`listen l\n  ${listen(port)}`, port);
  return port;
}

describeNeeding(
  ['haproxy', ...engineNeeds(VERSION)],
  `check, of engine ${VERSION} and of what is in front of it`,
  () => {
    let host: SecuredEngine;

    beforeAll(async () => {
      host = await secureEngine(VERSION);
    });

    async function check(port: number): Promise<Answer> {
      const args = ['check', `127.0.0.1:${port}`, '--ca-dir', host.caDirectory, '--json'];
      const { code, stdout } = await cli(args, { home: host.home });
      const { findings } = JSON.parse(stdout) as {
        readonly findings: readonly { readonly finding: string }[];
      };
      return { code, ids: [...new Set(findings.map(({ finding }) => finding))] };
    }

    /** A proxy that ends TLS with the pair that the CA has in force now for this name. */
    async function endingWith(name: string): Promise<number> {
      const { ca, certificate, key } = (await currentPair(host.caDirectory, 'server', name)).read();
      const folder = temporaryFolder();
      const joined = path.join(folder, 'joined.pem');
      fs.writeFileSync(joined, `${certificate}${key}`, { mode: 0o600 });
      fs.writeFileSync(path.join(folder, 'ca.pem'), ca);
      const verified = `ssl crt ${joined} ca-file ${folder}/ca.pem verify required`;
      return inFront(
        (port) => `mode http\n  bind 127.0.0.1:${port} ${verified}\n  server e unix@${host.engine.socket}`,
      );
    }

    const issue = (name: string, ...words: readonly string[]): Promise<unknown> =>
      cliJson(['issue-server', name, ...words, '--ca-dir', host.caDirectory], { home: host.home });

    test('the certificate of the engine is expected, also through a proxy that leaves TLS to it', async () => {
      expect(await check(host.port)).toEqual({ code: 0, ids: [] });
      const through = await inFront(
        (port) => `mode tcp\n  bind 127.0.0.1:${port}\n  server e 127.0.0.1:${host.port}`,
      );
      expect(await check(through)).toEqual({ code: 0, ids: [] });
    });

    test('a proxy with a pair of its own from the same CA presents another one', async () => {
      await issue('proxy', '--san', SERVER);
      expect(await check(await endingWith(SERVER))).toEqual({ code: 0, ids: [] });
      expect(await check(await endingWith('proxy'))).toEqual({ code: 3, ids: [OTHER_CERTIFICATE] });
    });

    test('an engine presents another one that was not restarted since its pair was issued again', async () => {
      await issue(SERVER, '--force');
      expect(await check(host.port)).toEqual({ code: 3, ids: [OTHER_CERTIFICATE] });
    });
  },
);
