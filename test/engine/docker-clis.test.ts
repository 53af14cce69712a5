import { describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { docker } from '../support/docker-cli.ts';
import { ENGINE_VERSIONS } from '../support/engine-install.ts';
import { secureEngine } from '../support/secured-engine.ts';

describe.each([...ENGINE_VERSIONS])('engine %s', (version) => {
  describeNeeding(ENGINE_VERSIONS.flatMap(engineNeeds), 'secured with the default key', () => {
    test('serves command lines of its own age, older and newer', async () => {
      const { engine, port, alice } = await secureEngine(version);
      const env = { DOCKER_HOST: `tcp://localhost:${port}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: alice };
      for (const cliVersion of ENGINE_VERSIONS) {
        const format = '{{.Client.Version}} {{.Server.Version}}';
        const answer = await docker(['version', '--format', format], { version: cliVersion, env });
        expect(answer).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(new RegExp(` ${escape(engine.version)}\n$`, 'u')),
        });
        expect(answer.stdout.startsWith(`${cliVersion}.`)).toBe(true);
      }
    });
  });
});

function escape(text: string): string {
  return text.replaceAll(/[.+]/gu, String.raw`\$&`);
}
