/* oxlint-disable jest/valid-title, jest/no-export, jest/require-top-level-describe -- this file is a part of a test file */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Finished } from '../support/run.ts';
import type { Host } from './host.ts';
import { HOSTILE_UNITS, type HostileUnit } from './hostile-units.ts';
import { keepPristine, stateOf } from './state.ts';

const CONTROLS_AND_DISGUISES = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

type Attempt = { readonly finished: Finished; readonly before: unknown; readonly after: unknown };

/** Units, environment files and addresses that are refused, and change nothing, on a host that has booted. */
export function describeHostileUnits(bootedHost: () => Host): void {
  describe(`${HOSTILE_UNITS.length} hostile units, environment files and addresses`, () => {
    const attempts = new Map<HostileUnit, Attempt>();

    beforeAll(async () => {
      const host = bootedHost();
      // Users of it may have engines of their own on the same port.
      await host.must('systemctl stop "user@*"');
      await host.cli('secure', '--client', 'alice', '--config', '/root/daemon.json');
      const clean = await cleaner(host);
      for (const row of HOSTILE_UNITS) {
        await clean();
        attempts.set(row, await attempt(host, row));
      }
      await clean();
    }, 300_000);

    test.each(HOSTILE_UNITS)('$name', (row) => {
      const { finished, before, after } = attempts.get(row) ?? {};
      expect(after).toEqual(before);
      expect(finished).toMatchObject({ code: 1, stderr: '' });
      const { error } = JSON.parse(finished?.stdout ?? '') as { readonly error: Record<string, string> };
      expect(error).toEqual({
        code: row.code,
        message: expect.stringContaining(row.says),
        hint: expect.any(String),
      });
      expect(`${error['message']}${error['hint']}`).not.toMatch(CONTROLS_AND_DISGUISES);
    });
  });
}

async function attempt(host: Host, { before: script, args = [] }: HostileUnit): Promise<Attempt> {
  await host.must(`${script}; systemctl daemon-reload`);
  const before = await all(host);
  const finished = await host.cli('daemon-config', '--apply', '--json', ...args);
  return { finished, before, after: await all(host) };
}

/** What a refusal leaves alone: the files, the unit, and the engine, which is never restarted. */
async function all(host: Host): Promise<unknown> {
  const started = await host.must('systemctl show -p InvocationID docker.service');
  return { ...(await stateOf(host)), started };
}

async function cleaner(host: Host): Promise<() => Promise<void>> {
  const pristine = await keepPristine(host);
  return async () => {
    await host.must(`systemctl --quiet unmask --runtime docker.service
      rm -rf /etc/systemd/system/docker.service.d /etc/systemd/system/docker.socket.d /etc/systemd/system/docker-tcp.socket /etc/systemd/system/sockets.target.wants/docker-tcp.socket
      rm -rf /etc/default/docker && cp -a ${pristine}/default /etc/default/docker && systemctl daemon-reload`);
  };
}
