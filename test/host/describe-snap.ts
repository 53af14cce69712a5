/* oxlint-disable jest/no-export, jest/require-top-level-describe -- this file is a part of a test file */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Host } from './host.ts';

const CONFIG = '/var/snap/docker/current/config/daemon.json';
const CERTS = '/var/snap/docker/common/docker-mtls';
const UNIT = '/lib/systemd/system/docker.service';

/** No snap can be had without its store: the folders that it has are made by hand, on a host without another engine. */
export function describeSnap(bootedHost: () => Host): void {
  describe('the folders of a snap', () => {
    let host: Host;
    beforeAll(async () => {
      host = bootedHost();
      await host.must(`mv ${UNIT} /root/docker.service; systemctl daemon-reload
        mkdir -p /var/snap/docker/7/config; ln -s 7 /var/snap/docker/current
        printf '{"log-level": "error"}' >${CONFIG}`);
    });
    afterAll(async () => {
      await host.must(`mv /root/docker.service ${UNIT}; systemctl daemon-reload; rm -r /var/snap/docker`);
    });

    const secure = (...args: readonly string[]): ReturnType<Host['cli']> =>
      host.cli('secure', '--client', 'alice', ...args);

    test('are found, and get what its engine may read', async () => {
      const { code, stdout } = await secure('--out', CERTS);
      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('snap restart docker.dockerd'),
      });
      expect(
        JSON.parse(fs.readFileSync(host.outside(`/var/snap/docker/7/config/daemon.json`), 'utf8')),
      ).toEqual({
        'log-level': 'error',
        hosts: ['unix:///var/run/docker.sock', 'tcp://0.0.0.0:2376'],
        tlsverify: true,
        tlscacert: `${CERTS}/ca.pem`,
        tlscert: `${CERTS}/server-cert.pem`,
        tlskey: `${CERTS}/server-key.pem`,
      });
      expect(await host.must(`stat -Lc %a ${CERTS}/server-key.pem`)).toBe('600\n');
      expect((await host.cli('daemon-config', 'undo')).code).toBe(0);
      expect(await host.must(`cat ${CONFIG}`)).toBe('{"log-level": "error"}');
    });

    test.each([
      { args: [], code: 'HOST_SNAP' },
      { args: ['--out', CERTS, '--apply'], code: 'HOST_NO_SYSTEMD' },
    ])('are left alone with $args', async ({ args, code }) => {
      const { stdout } = await secure(...args, '--json');
      expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
      expect(await host.must(`cat ${CONFIG}`)).toBe('{"log-level": "error"}');
    });
  });
}
