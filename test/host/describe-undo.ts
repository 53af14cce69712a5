/* oxlint-disable jest/valid-title, jest/no-export, jest/require-top-level-describe -- this file makes tests out of its parameters */
import { describe, expect, test } from '@jest/globals';
import type { Host } from './host.ts';
import { RESTART, SLOW, dropIn, squat, write } from './scripts.ts';
import { stateOf } from './state.ts';

const DAEMON_JSON = '/etc/docker/daemon.json';

/** What taking a change back means on a host that has gone on living since. `host` has been reset before each test. */
export function describeUndo(host: () => Host): void {
  const secure = async (): Promise<void> => {
    const { code, stderr } = await host().cli('secure', '--client', 'alice', '--apply');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  };
  const undo = (...args: readonly string[]): ReturnType<Host['cli']> =>
    host().cli('daemon-config', ...args, '--json');

  describe('undo, later', () => {
    test(
      'refuses when somebody edited daemon.json, and with --force keeps the edit aside; other drop-ins stay',
      async () => {
        await host().must(write(DAEMON_JSON, '{"debug": false}') + RESTART);
        const was = await stateOf(host());
        await secure();
        await host().must(
          dropIn('limits.conf', '[Service]\nLimitNOFILE=4096') +
            `sed -i 's/"debug": false/"debug": true/' ${DAEMON_JSON}; ${RESTART}`,
        );
        const edited = await stateOf(host());
        const refused = await undo('undo', '--apply');
        expect({ code: refused.code, ...JSON.parse(refused.stdout).error }).toMatchObject({
          code: 'DAEMON_CONFIG_EDITED',
        });
        expect(await stateOf(host())).toEqual(edited);

        const { code, stdout } = await undo('undo', '--apply', '--force');
        expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, outcome: 'restored' });
        expect(await host().must(`cat ${JSON.parse(stdout).setAside}`)).toContain('"debug": true');
        expect(await host().must('systemctl show -p LimitNOFILE docker')).toBe('LimitNOFILE=4096\n');
        await host().must(
          `rm -f ${DAEMON_JSON}.* /etc/systemd/system/docker.service.d/limits.conf; rmdir /etc/systemd/system/docker.service.d; ${RESTART}`,
        );
        expect(await stateOf(host())).toEqual(was);
      },
      SLOW,
    );

    test(
      'is itself taken back when the engine does not come up with the old state',
      async () => {
        await host().must(
          write(DAEMON_JSON, '{"tls": false, "labels": ["a=b"]}') +
            dropIn(
              'override.conf',
              '[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd:// -H tcp://127.0.0.1:2375 --containerd=/run/containerd/containerd.sock',
            ) +
            RESTART,
        );
        await secure();
        await host().must(squat(2375));
        const was = await stateOf(host());
        const { code, stdout } = await undo('undo', '--apply');
        expect({ exit: code, ...JSON.parse(stdout).error }).toMatchObject({
          exit: 1,
          code: 'HOST_ROLLED_BACK',
          hint: expect.stringMatching(/2375/),
        });
        expect(await stateOf(host())).toEqual(was);
        const again = await host().cli('secure', '--client', 'alice', '--apply');
        expect(again).toMatchObject({
          stderr: '',
          code: 0,
          stdout: expect.stringContaining('+ secured: 127.0.0.1:2376'),
        });
      },
      SLOW,
    );

    test('says that there is nothing to undo, and leaves the engine alone', async () => {
      const started = await host().must('systemctl show -p InvocationID docker');
      const { code, stdout } = await undo('undo', '--apply');
      expect({ exit: code, ...JSON.parse(stdout).error }).toMatchObject({
        exit: 1,
        code: 'DAEMON_CONFIG_NOTHING_TO_UNDO',
      });
      expect(await host().must('systemctl show -p InvocationID docker')).toBe(started);
    });
  });
}
