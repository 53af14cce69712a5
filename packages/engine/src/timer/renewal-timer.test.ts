import fs from 'node:fs';
import path from 'node:path';
import type { Ran } from '@docker-mtls/run';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { installRenewalTimer, removeRenewalTimer } from './renewal-timer.ts';
import type { TimerHost } from './renewal-timer.ts';
import { renewalUnits } from './renewal-units.ts';
import type { RenewalService } from './renewal-units.ts';

const SERVICE: RenewalService = {
  program: ['/usr/bin/docker-mtls'],
  options: [],
  caDirectory: '/home/ada/ca',
  user: 'ada',
  writes: ['/home/ada/.docker'],
  hook: [],
  appliesToEngine: false,
};

let folder: string;
let asked: string[];

beforeEach(() => {
  folder = temporaryFolder();
  asked = [];
});

async function runFine(_: string, args: readonly string[]): Promise<Ran> {
  asked.push(args.join(' '));
  return { code: 0, stdout: '', stderr: '' };
}

function hostWith(changes: Partial<TimerHost> = {}): TimerHost {
  return { folder, run: runFine, isBooted: true, ...changes };
}

const unit = (kind: string): string => path.join(folder, `docker-mtls-renew.${kind}`);

describe('installing the timer', () => {
  test('writes both units and starts it, and a second time changes nothing', async () => {
    const paths = { service: unit('service'), timer: unit('timer') };
    expect(await installRenewalTimer(SERVICE, hostWith())).toEqual({ ...paths, changed: true });
    const { service, timer } = renewalUnits(SERVICE);
    expect(fs.readFileSync(paths.service, 'utf8')).toBe(service);
    expect(fs.readFileSync(paths.timer, 'utf8')).toBe(timer);
    expect(fs.statSync(paths.service).mode & 0o777).toBe(0o644);
    const started = [
      'daemon-reload',
      'enable --now docker-mtls-renew.timer',
      'restart docker-mtls-renew.timer',
    ];
    expect(asked.splice(0)).toEqual(started);
    expect(await installRenewalTimer(SERVICE, hostWith())).toEqual({ ...paths, changed: false });
    expect(asked).toEqual(['enable --now docker-mtls-renew.timer']);
  });

  test.each([
    ['somebody else', '[Service]\nExecStart=/bin/true\n', 'was not written by docker-mtls'],
    ['another CA', renewalUnits({ ...SERVICE, caDirectory: '/srv/ca' }).service, 'renews the CA in /srv/ca'],
  ])('leaves a unit of %s alone', async (_, text, says) => {
    fs.writeFileSync(unit('service'), text);
    await expect(installRenewalTimer(SERVICE, hostWith())).rejects.toMatchObject({
      code: 'HOST_TIMER_TAKEN',
      message: expect.stringContaining(says),
    });
    expect(fs.readFileSync(unit('service'), 'utf8')).toBe(text);
    expect(asked).toEqual([]);
  });

  test('is refused where systemd runs nothing', async () => {
    await expect(installRenewalTimer(SERVICE, hostWith({ isBooted: false }))).rejects.toMatchObject({
      code: 'HOST_NO_SYSTEMD',
      hint: expect.stringContaining('--print-timer'),
    });
  });
});

test('removing the timer stops it and removes what was written, once', async () => {
  await installRenewalTimer(SERVICE, hostWith());
  asked.splice(0);
  expect(await removeRenewalTimer(hostWith())).toBe(true);
  expect(asked).toEqual(['disable --now docker-mtls-renew.timer', 'daemon-reload']);
  expect(fs.readdirSync(folder)).toEqual([]);
  expect(await removeRenewalTimer(hostWith())).toBe(false);
});

test('the timer of a package is stopped when it is enabled', async () => {
  const link = path.join(folder, 'timers.target.wants/docker-mtls-renew.timer');
  fs.mkdirSync(path.dirname(link));
  fs.symlinkSync('/usr/lib/systemd/system/docker-mtls-renew.timer', link);
  expect(await removeRenewalTimer(hostWith())).toBe(true);
  expect(asked).toEqual(['disable --now docker-mtls-renew.timer', 'daemon-reload']);
});

function settings(changes: Partial<RenewalService>): readonly string[] {
  return renewalUnits({ ...SERVICE, ...changes }).service.split('\n');
}

describe('the service', () => {
  test('may write the CA directory and the contexts of its owner, and nothing else', () => {
    expect(settings({})).toEqual(
      expect.arrayContaining([
        'User=ada',
        'ExecStart=/usr/bin/docker-mtls renew --timer --ca-dir /home/ada/ca',
        'CapabilityBoundingSet=',
        'ProtectSystem=strict',
        'ReadWritePaths=/home/ada/ca -/home/ada/.docker',
      ]),
    );
  });

  test('has the words of its command read back as they are', () => {
    const odd = ['/srv/my hooks/do it', '100%', '$HOME', '"\\', 'a\nUser=root'];
    const lines = settings({ hook: odd, caDirectory: '/srv/100% of\nUser=root' });
    expect(lines).toContain(
      String.raw`ExecStart=/usr/bin/docker-mtls renew --timer --ca-dir "/srv/100%% of\x0aUser=root" -- "/srv/my hooks/do it" 100%% $$HOME "\"\\" "a\x0aUser=root"`,
    );
    expect(lines.filter((line) => line.startsWith('User='))).toEqual(['User=ada']);
  });

  test.each([
    [false, 'LoadCredential=docker-mtls:/etc/ca.pass'],
    [true, 'LoadCredentialEncrypted=docker-mtls:/etc/ca.pass'],
  ])('is given the passphrase as a credential (encrypted: %p)', (isEncrypted, line) => {
    const lines = settings({ passphrase: { file: '/etc/ca.pass', isEncrypted } });
    expect(lines).toContain(line);
    expect(lines.join('\n')).toMatch(
      /^ExecStart=.* --passphrase-file \$\{CREDENTIALS_DIRECTORY\}\/docker-mtls$/m,
    );
  });

  test('is not shut in where a hook may need anything, nor off the files of the engine', () => {
    expect(settings({ hook: ['/bin/true'] }).join('\n')).not.toMatch(/Protect|Private|Capability/);
    expect(settings({ appliesToEngine: true })).toEqual(
      expect.arrayContaining(['After=docker.service', 'ProtectSystem=true', 'PrivateTmp=true']),
    );
  });
});
