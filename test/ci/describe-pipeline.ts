import fs from 'node:fs';
import path from 'node:path';
import { renderCredentials, type CiTarget } from '@docker-mtls/ci';
import { beforeAll, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds, type Need } from '../support/needs.ts';
import { docker } from '../support/docker-cli.ts';
import { type EngineVersion } from '../support/engine-install.ts';
import { temporaryFolder } from '../support/temp.ts';
import {
  agentOf,
  containersOn,
  exportFor,
  makeProject,
  startHosts,
  type Compose,
  type Hosts,
} from './deployment.ts';
import { expiredPair, foreignPair, type Identity } from './identities.ts';
import type { Environment, Job, Server } from './servers/server.ts';

const TIMEOUT = 180_000;

/** A server, and the machines of its jobs. */
export type Setting = {
  readonly target: CiTarget;
  readonly server: Server;
  readonly compose: Compose;
  /** The engines that are deployed to. */
  readonly version: EngineVersion;
  /** What the server's stand-in cannot run without. */
  readonly needs: readonly Need[];
};

/** The pipeline of one server, run from beginning to end against two engines, and everything that must stop it. */
export function describePipeline({ target, server, compose, version, needs }: Setting): void {
  describeNeeding(
    [...needs, 'docker command', 'openssl', 'compose plugin', 'static busybox', ...engineNeeds(version)],
    `the pipeline for ${target}, with ${compose}`,
    () => {
      let hosts: Hosts;
      let pipeline: string;
      let job: Job;

      beforeAll(async () => {
        hosts = await startHosts(version);
        const exported = await exportFor(target, hosts);
        pipeline = exported.pipeline;
        job = {
          project: makeProject(pipeline),
          credentials: exported.credentials,
          engines: { uat: hosts.uat.url, prod: hosts.prod.url },
          agent: agentOf(hosts, compose),
          build: '1',
          registry: '',
          approve: true,
        };
      }, TIMEOUT);

      /** No temporary file of the scripts is left, and no key was printed. */
      function expectNothingLeft(output: string): void {
        expect(fs.readdirSync(job.agent['TMPDIR'] ?? '')).toEqual([]);
        expect(output).not.toMatch(/PRIVATE KEY|H4sI/u);
      }

      test(
        'deploys to UAT, and to production when somebody approves',
        async () => {
          const before = await server({ ...job, approve: false });
          expect(before).toMatchObject({
            ok: false,
            output: expect.stringContaining('app:1 passed its tests'),
          });
          expect(await containersOn(hosts.uat)).toEqual(['app:1 uat app-uat running']);
          expect(await containersOn(hosts.prod)).toEqual([]);

          const after = await server({ ...job, build: '2' });
          expect(after).toMatchObject({ ok: true, output: expect.stringContaining('nothing is pushed') });
          expect(after.output).toMatch(
            /verify\.sh: prod: engine \d\S+ at tcp:\S+ serves CN=ci-prod, good for \d+ more days \(until .*\)/u,
          );
          expect(await containersOn(hosts.uat)).toEqual(['app:2 uat app-uat running']);
          expect(await containersOn(hosts.prod)).toEqual(['app:2 prod app-prod running']);
          expectNothingLeft(before.output + after.output);
        },
        TIMEOUT,
      );

      test.each([
        {
          name: 'another CA',
          pair: () => foreignPair(),
          reason:
            /error: uat: tcp:\S+ does not serve these credentials\n.*hint: the engine's certificate is not from the CA/u,
        },
        {
          name: 'an expired pair',
          pair: () => expiredPair(hosts),
          reason: /error: uat: the certificate of CN=ci-uat ended on .*\n.*hint: docker-mtls ci export/u,
        },
      ])(
        'stops with the reason before it builds anything: $name',
        async ({ pair, reason }) => {
          const credentials = { ...job.credentials, uat: writeSet(pair(), 'uat') };
          const running = await containersOn(hosts.uat);
          const { ok, output } = await server({ ...job, credentials, build: '3' });
          expect(ok).toBe(false);
          expect(output).toMatch(reason);
          expect(await containersOn(hosts.uat)).toEqual(running);
          expect(await imagesOnBuilder()).not.toContain('app:3');
          expectNothingLeft(output);
        },
        TIMEOUT,
      );

      test(
        'stops with the reason before production, when only its credentials are wrong',
        async () => {
          const credentials = { ...job.credentials, prod: writeSet(expiredPair(hosts), 'prod') };
          const running = await containersOn(hosts.prod);
          const { ok, output } = await server({ ...job, credentials, build: '4' });
          expect(ok).toBe(false);
          expect(output).toMatch(/error: prod: the certificate of CN=ci-uat ended on /u);
          expect(await containersOn(hosts.prod)).toEqual(running);
          expectNothingLeft(output);
        },
        TIMEOUT,
      );

      /** Credentials as `ci export` writes them, of a pair that it would not export. */
      function writeSet(pair: Identity, environment: Environment): string {
        const folder = temporaryFolder();
        const engine = { environment, url: hosts[environment].url };
        const files = renderCredentials(target, {
          ...pair,
          client: 'ci-uat',
          notAfter: new Date(),
          fingerprint: '',
          engine,
        });
        for (const { name, data } of files) fs.writeFileSync(path.join(folder, name), data, { mode: 0o600 });
        return folder;
      }

      async function imagesOnBuilder(): Promise<string> {
        const words = ['images', '--format', '{{.Repository}}:{{.Tag}}'];
        const { stdout } = await docker(['--host', `unix://${hosts.builder.socket}`, ...words]);
        return stdout;
      }
    },
  );
}
