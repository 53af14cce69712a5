import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { importBusybox, BUSYBOX } from '../support/busybox.ts';
import { cliJson } from '../support/cli.ts';
import { docker } from '../support/docker-cli.ts';
import { hostPath } from '../support/engine-install.ts';
import { run, type Finished } from '../support/run.ts';
import { secureEngine, type SecuredEngine } from '../support/secured-engine.ts';

// The commands of chapter 15 of "Learn Docker in a Month of Lunches", as they are printed there.
const UNTAR = 'mkdir -p /tmp/pwd-certs && tar -xf pwd-client-certs -C /tmp/pwd-certs';
const LIST =
  'docker --host "tcp://$pwdDomain" --tlsverify --tlscacert /tmp/pwd-certs/ca.pem ' +
  '--tlscert /tmp/pwd-certs/client-cert.pem --tlskey /tmp/pwd-certs/client-key.pem container ls';
const CONTEXT =
  'docker context create pwd-tls --docker "host=tcp://$pwdDomain,ca=/tmp/pwd-certs/ca.pem,' +
  'cert=/tmp/pwd-certs/client-cert.pem,key=/tmp/pwd-certs/client-key.pem"';

describeNeeding(
  [...engineNeeds('28.5'), 'mounts', 'docker command', 'static busybox'],
  "the book's commands",
  () => {
    let host: SecuredEngine;

    beforeAll(async () => {
      host = await secureEngine('28.5');
      await importBusybox(host.engine);
      const sleeper = [
        'run',
        '--detach',
        '--name',
        'timecheck',
        '--network',
        'none',
        BUSYBOX,
        'sleep',
        '600',
      ];
      await docker(['--host', `unix://${host.engine.socket}`, ...sleeper]);
      const env = { DOCKER_MTLS_CA_DIR: host.caDirectory };
      const words = ['bundle', 'alice', '--layout', 'pwd', '-o', 'pwd-client-certs'];
      await cliJson(words, { home: host.home, env });
      // /tmp/pwd-certs of the book leads to a folder of this test, for these commands alone.
      fs.mkdirSync(path.join(host.home, 'tmp'));
    });

    /** A shell in which /tmp is empty but for what the commands put there. */
    function shell(script: string): Promise<Finished> {
      const own = 'cd "$HOME" && mount --bind "$HOME/tmp" /tmp && eval "$1"';
      // The PATH of the tests leads to a folder below /tmp.
      const env = { PATH: hostPath(), HOME: host.home, pwdDomain: `localhost:${host.port}` };
      return run('unshare', ['--mount', 'sh', '-ec', own, 'sh', script], { cwd: host.home, env });
    }

    test('untar, list, make a context and use it', async () => {
      expect(await shell(UNTAR)).toMatchObject({ code: 0, stderr: '' });
      const files = fs.readdirSync(path.join(host.home, 'tmp/pwd-certs')).toSorted();
      expect(files).toEqual(['ca.pem', 'client-cert.pem', 'client-key.pem']);
      expect(fs.statSync(path.join(host.home, 'tmp/pwd-certs/client-key.pem')).mode & 0o777).toBe(0o600);

      expect(await shell(LIST)).toMatchObject({ code: 0, stdout: expect.stringMatching(/ timecheck\n$/u) });

      const created = await shell(CONTEXT);
      expect(created).toMatchObject({ code: 0, stdout: 'pwd-tls\n' });
      const used = await shell('docker context use pwd-tls && docker container ls');
      expect(used).toMatchObject({ code: 0, stdout: expect.stringMatching(/ timecheck\n$/u) });
    });
  },
);
