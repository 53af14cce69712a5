import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { pluginFindings } from '@docker-mtls/engine/authorization';
import { listOf, POLICY, post, startPlugin } from '../../packages/authz/testing/running-plugin.ts';
import type { RunningPlugin } from '../../packages/authz/testing/running-plugin.ts';
import { withNumbers } from '../../packages/cli/src/printing/finding-number.ts';
import { onCleanup } from '../support/cleanup.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { eventually } from '../support/eventually.ts';

const HEALTHY = '29.10.1';
const NOBODY = 'root:x:0:\ndocker:x:999:\n';
/** Before the list that the plugin begins with is due. */
const HOUR = 3_600_000;

describeNeeding(['root'], 'what is found of a plugin', () => {
  let plugin: RunningPlugin;
  let at: (name: string) => string;
  beforeEach(async () => {
    plugin = await startPlugin({ policy: `${POLICY}local: viewer\n`, audit: false });
    at = (name) => path.join(plugin.folder, name);
    fs.writeFileSync(at('passwd'), 'root:x:0:0\nada:x:1000:1000\nbob:x:1001:998\n');
    fs.writeFileSync(at('group'), NOBODY);
  });

  /** Each as `DM511 warning`. */
  async function found(now = new Date()): Promise<readonly string[]> {
    const machine = { socket: at('s/p.sock'), groups: at('group'), users: at('passwd') };
    const findings = await pluginFindings(at('engine.sock'), now, machine);
    return withNumbers('authorization', findings, ({ id }) => id).map(
      ({ finding, severity }) => `${finding} ${severity}`,
    );
  }

  test('nothing but that root needs no certificate, where all is well', async () => {
    await standIn(plugin, HEALTHY);
    expect(await found()).toEqual(['DM512 note']);
  });

  test.each<[string, (plugin: RunningPlugin) => Promise<void>]>([
    ['that does not answer', async (running) => (await standIn(running, HEALTHY), running.stop())],
    ['whose engine is down', async () => undefined],
    ['that the engine does not ask', (running) => standIn(running, HEALTHY, () => undefined)],
    ['whose answer the engine does not heed', (running) => standIn(running, HEALTHY, () => 'denied')],
  ])('DM508: a plugin %s', async (_, arrange) => {
    await arrange(plugin);
    expect(await found()).toEqual(['DM508 error']);
  });

  test.each(['policy.yaml', 'ca.pem', 'crl.pem'])('DM509: a %s that cannot be read', async (file) => {
    await standIn(plugin, HEALTHY);
    const text = fs.readFileSync(at(file), 'utf8');
    fs.writeFileSync(at(file), 'no such thing: [');
    await eventually(async () => expect(await found()).toEqual(['DM509 error', 'DM512 note']));
    fs.writeFileSync(at(file), text);
    await eventually(async () => expect(await found()).toEqual(['DM512 note']));
  });

  test('DM510: a revocation list that was due to be replaced', async () => {
    const due = new Date(Math.floor(Date.now() / 1000) * 1000 + HOUR);
    fs.writeFileSync(at('crl.pem'), listOf(plugin.authority, 2, [], due));
    await standIn(plugin, HEALTHY);
    await eventually(async () => expect(await found(due)).toEqual(['DM510 warning', 'DM512 note']));
    expect(await found(new Date(due.getTime() - 1))).toEqual(['DM512 note']);
  });

  test.each([
    ['that names somebody', 'docker:x:999:ada\n', ['DM512 warning', 'DM513 warning']],
    ["that is somebody's first", 'docker:x:998:\n', ['DM512 warning', 'DM513 warning']],
    ['that names nobody', NOBODY, ['DM512 note']],
    ['that does not exist', 'wheel:x:10:ada\n', ['DM512 note']],
  ])('DM512 and DM513: a group docker %s', async (_, groups, expected) => {
    fs.writeFileSync(at('group'), groups);
    await standIn(plugin, HEALTHY);
    expect(await found()).toEqual(expected);
  });

  test.each([
    ['29.3.1', ['DM512 note', 'DM514 warning']],
    ['20.10.24', ['DM512 note', 'DM514 warning', 'DM514 warning']],
    ['dev', ['DM512 note', 'DM515 warning']],
    [undefined, ['DM512 note', 'DM515 warning']],
  ])('DM514 and DM515: an engine of version %s', async (version, expected) => {
    await standIn(plugin, version);
    expect(await found()).toEqual(expected);
  });
});

/** What a plugin says about a request of such headers: undefined where it is allowed. */
type Denial = (headers: http.IncomingHttpHeaders) => Promise<string | undefined> | string | undefined;

/** Stands in for an engine: asks the plugin about each request, and tells its version. */
async function standIn(
  { folder }: RunningPlugin,
  version: string | undefined,
  denial: Denial = (headers) => denialOf(folder, headers),
): Promise<void> {
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const denied = await denial(request.headers);
    if (denied !== undefined) response.writeHead(403).end(JSON.stringify({ message: denied }));
    else response.end(JSON.stringify({ Version: version, Platform: { Name: 'Docker Engine - Community' } }));
  };
  const server = http.createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(path.join(folder, 'engine.sock'), resolve));
  onCleanup(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** As the engine asks (moby pkg/authorization/authz.go): names of headers begin with capitals, and the socket has no user. */
async function denialOf(folder: string, headers: http.IncomingHttpHeaders): Promise<string | undefined> {
  const probe = headers['x-docker-mtls-probe'];
  const answer = await post(path.join(folder, 's/p.sock'), '/AuthZPlugin.AuthZReq', {
    RequestMethod: 'GET',
    RequestUri: '/version',
    ...(probe !== undefined && { RequestHeaders: { 'X-Docker-Mtls-Probe': String(probe) } }),
  });
  return answer.Allow === true ? undefined : `authorization denied by plugin docker-mtls: ${answer.Msg}`;
}
