import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { cli, cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { startEngine } from '../support/engine.ts';
import { engineNeeds } from '../support/needs.ts';
import { secureEngine, SERVER } from '../support/secured-engine.ts';
import type { SecuredEngine } from '../support/secured-engine.ts';

const VERSION = '28.5';

type Answer = {
  readonly code: number | undefined;
  readonly findings: readonly { readonly id: string; readonly subject: string; readonly hint: string }[];
  readonly engines: readonly { readonly address: string; readonly serial?: string }[];
};

describeNeeding(engineNeeds(VERSION), `status beside engine ${VERSION}`, () => {
  let host: SecuredEngine;

  beforeAll(async () => {
    host = await secureEngine(VERSION);
  });

  async function status(): Promise<Answer> {
    const args = ['status', '--config', host.configFile, '--ca-dir', host.caDirectory, '--json'];
    const { code, stdout } = await cli(args, { home: host.home });
    return { code, ...(JSON.parse(stdout) as Omit<Answer, 'code'>) };
  }

  const issueAgain = (): Promise<Record<string, unknown>> =>
    cliJson(['issue-server', SERVER, '--force', '--ca-dir', host.caDirectory], { home: host.home });

  test('a pair that was renewed is not served until the engine restarts, and that is reported until then', async () => {
    const healthy = await status();
    expect(healthy).toMatchObject({ code: 0, findings: [] });
    expect(healthy.engines.map(({ address }) => address)).toEqual([
      `tcp://127.0.0.1:${host.port}`,
      `tcp://[::1]:${host.port}`,
    ]);

    await issueAgain();
    const renewed = await status();
    expect(renewed.code).toBe(3);
    expect(renewed.findings.map(({ id }) => id)).toEqual(['DM115', 'DM115']);
    expect(renewed.engines).toEqual(healthy.engines);

    await host.engine.stop();
    const down = await status();
    expect(down.code).toBe(1);
    expect(down.findings.map(({ id }) => id)).toEqual(['DM690', 'DM690']);

    await startEngine({ version: VERSION, configFile: host.configFile });
    const restarted = await status();
    expect(restarted).toMatchObject({ code: 0, findings: [] });
    expect(restarted.engines[0]?.serial).not.toBe(healthy.engines[0]?.serial);
  });

  test('the metrics are written in one piece, for everybody to read', async () => {
    const file = path.join(host.home, 'docker-mtls.prom');
    const args = ['status', '--config', host.configFile, '--ca-dir', host.caDirectory];
    const { code } = await cli([...args, '--format', 'prometheus', '-o', file], { home: host.home });
    expect(code).toBe(0);
    expect((fs.statSync(file).mode & 0o777).toString(8)).toBe('644');
    expect(fs.readFileSync(file, 'utf8')).toContain(
      `docker_mtls_engine_presents{address="tcp://127.0.0.1:${host.port}"} 1\n`,
    );
  });
});
