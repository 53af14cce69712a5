import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { verify } from '@docker-mtls/audit';
import { post } from '../../packages/authz/testing/running-plugin.ts';
import { BUNDLE, cliJson } from '../support/cli.ts';
import { onCleanup } from '../support/cleanup.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { eventually } from '../support/eventually.ts';
import { leaveRoom, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temp.ts';

const POLICY = `apiVersion: docker-mtls/policy.v1
bindings: [{ role: admin, subjects: [{ cn: alice }] }]
local: admin
`;
const LIST = { RequestMethod: 'GET', RequestUri: '/containers/json' };

describeNeeding(['root', 'mounts'], 'a full disk under the audit log', () => {
  test('denies everything, and nothing is missing from the log when there is room again', async () => {
    const home = temporaryFolder();
    const disk = await smallDisk(2 * 1024 * 1024);
    const caDirectory = path.join(home, 'ca');
    await cliJson(['init-ca', '--no-passphrase', '--ca-dir', caDirectory], { home });
    fs.writeFileSync(path.join(home, 'policy.yaml'), POLICY);
    const socket = path.join(home, 's/p.sock');
    const words = [
      '--policy',
      path.join(home, 'policy.yaml'),
      '--socket',
      socket,
      '--audit',
      path.join(disk.inside, 'audit'),
    ];
    const [program = '', ...prefix] = disk.prefix;
    const args = [...prefix, process.execPath, BUNDLE, 'authz', 'serve', ...words, '--ca-dir', caDirectory];
    const plugin = spawn(program, args, { cwd: home, env: { HOME: home, PATH: process.env['PATH'] } });
    let said = '';
    plugin.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    onCleanup(() => void plugin.kill('SIGKILL'));
    await eventually(() => expect(said).toContain('docker-mtls: ready'));
    const ask = (): ReturnType<typeof post> => post(socket, '/AuthZPlugin.AuthZReq', LIST);
    await eventually(async () => expect(await ask()).toEqual({ Allow: true }));

    leaveRoom(disk, 0);
    await eventually(async () =>
      expect(await ask()).toEqual({ Allow: false, Msg: expect.stringContaining('could not') }),
    );
    for (let count = 0; count < 20; count += 1) expect(await ask()).toMatchObject({ Allow: false });
    leaveRoom(disk, 1024 * 1024);
    await eventually(async () => expect(await ask()).toEqual({ Allow: true }));

    const lines = fs.readFileSync(path.join(disk.outside, 'audit/audit.jsonl'), 'utf8').trimEnd().split('\n');
    expect(verify(lines)).toMatchObject({ kind: 'intact' });
    expect(lines.at(-1)).toContain('"verdict":"allow"');
  });
});
