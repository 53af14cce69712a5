import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';
import { main } from '../main.ts';

// Neither Windows nor a snap runs here: what would be written for them is compared as text.

let ca: TestCa;

beforeAll(async () => {
  ca = await makeTestCa(['issue-server', 'node1'], ['issue-client', 'alice']);
});

describe('an engine of Windows', () => {
  const CERTS = 'C:\\ProgramData\\docker\\certs.d';

  test('gets a named pipe and paths of Windows, written on Linux', async () => {
    const words = ['daemon-config', '--config', 'windows.json', '--certs-dir', CERTS];
    const { exitCode, stdout } = await ca.run(...words);
    expect(exitCode).toBe(0);
    expect(fs.readFileSync(path.join(ca.folder, 'windows.json'), 'utf8')).toBe(`{
  "hosts": ["npipe://", "tcp://0.0.0.0:2376"],
  "tlsverify": true,
  "tlscacert": "C:\\\\ProgramData\\\\docker\\\\certs.d\\\\ca.pem",
  "tlscert": "C:\\\\ProgramData\\\\docker\\\\certs.d\\\\server-cert.pem",
  "tlskey": "C:\\\\ProgramData\\\\docker\\\\certs.d\\\\server-key.pem"
}
`);
    expect(stdout).toContain('next: restart the engine, for example: Restart-Service docker');
  });

  test('keeps the pipe that it has, and what else its file says, line ends included', async () => {
    const file = path.join(ca.folder, 'old.json');
    fs.writeFileSync(
      file,
      '{\r\n  "data-root": "D:\\\\docker",\r\n  "hosts": ["npipe:////./pipe/engine"]\r\n}\r\n',
    );
    expect((await ca.run('daemon-config', '--config', 'old.json', '--certs-dir', 'D:/certs')).exitCode).toBe(
      0,
    );
    expect(fs.readFileSync(file, 'utf8').split('\r\n')).toEqual([
      '{',
      '  "data-root": "D:\\\\docker",',
      '  "hosts": ["npipe:////./pipe/engine", "tcp://0.0.0.0:2376"],',
      '  "tlsverify": true,',
      '  "tlscacert": "D:\\\\certs\\\\ca.pem",',
      '  "tlscert": "D:\\\\certs\\\\server-cert.pem",',
      '  "tlskey": "D:\\\\certs\\\\server-key.pem"',
      '}',
      '',
    ]);
  });

  test('has its file in ProgramData there', async () => {
    const io = { ...ca.io, platform: 'win32', uid: undefined } as const;
    const { exitCode, stdout } = await main(['daemon-config', '--dry-run', '--certs-dir', CERTS], io);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('+++ C:\\ProgramData\\docker\\config\\daemon.json');
    expect(stdout).toContain('"npipe://"');
  });

  test('cannot be restarted from here', async () => {
    const words = ['daemon-config', '--apply', '--config', 'new.json', '--certs-dir', CERTS];
    expect(await ca.run(...words)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        'omit --apply, then restart the engine, for example: Restart-Service docker',
      ),
    });
    expect(fs.existsSync(path.join(ca.folder, 'new.json'))).toBe(false);
  });
});

describe('the engine of the snap', () => {
  const CONFIG = '/var/snap/docker/current/config/daemon.json';

  test('gets its usual socket, and certificates that it may read', async () => {
    const certs = '/var/snap/docker/common/docker-mtls';
    const words = ['daemon-config', '--dry-run', '--config', CONFIG, '--certs-dir', certs];
    const { exitCode, stdout } = await ca.run(...words);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('+  "hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376"],');
    expect(stdout).toContain(`+  "tlskey": "${certs}/server-key.pem"`);
  });

  test('cannot read them elsewhere', async () => {
    expect(await ca.run('daemon-config', '--dry-run', '--config', CONFIG)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('--certs-dir /var/snap/docker/common/docker-mtls'),
    });
  });

  test('is restarted by its owner', async () => {
    const certs = ['--certs-dir', '/var/snap/docker/common/c'];
    expect(await ca.run('daemon-config', '--apply', '--config', CONFIG, ...certs)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        'omit --apply, then restart the engine, for example: snap restart docker',
      ),
    });
  });
});
