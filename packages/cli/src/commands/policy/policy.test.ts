import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../../test/support/temp.ts';
import { fakeIo, NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import type { Io } from '../../io/io.ts';
import { main } from '../../main.ts';

const HEAD = 'apiVersion: docker-mtls/policy.v1\n';
const POLICY = `${HEAD}bindings:
  - { role: admin, subjects: [{ cn: root }] }
  - { role: deployer, subjects: [{ cn: dan }] }
  - { role: viewer, subjects: [{ cn: dan }, { cn: vera }], until: 2027-01-01 }
local: admin
`;

let folder: string;
let io: Io;

beforeEach(() => {
  folder = temporaryFolder();
  io = fakeIo({
    cwd: folder,
    env: { DOCKER_MTLS_CA_DIR: path.join(folder, 'none') },
    systemFolders: { policies: path.join(folder, 'etc'), logs: path.join(folder, 'log') },
  });
  write('policy.yaml', POLICY);
});

function write(name: string, content: string | Uint8Array): void {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), content);
}

type Answer = Record<string, unknown> & { readonly exitCode: number };

async function answer(...argv: readonly string[]): Promise<Answer> {
  const { stdout, exitCode } = await main([...argv, '--json'], io);
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

async function said(...argv: readonly string[]): Promise<string> {
  const { stdout, stderr } = await main(argv, io);
  return `${String(stdout)}${stderr}`;
}

describe('policy check', () => {
  test('says what a valid policy relies on', async () => {
    expect(await answer('policy', 'check', 'policy.yaml')).toMatchObject({
      exitCode: 0,
      valid: true,
      findings: [],
    });
    write('policy.yaml', `${POLICY}mode: observe\n`);
    expect(await answer('policy', 'check', 'policy.yaml')).toMatchObject({
      exitCode: 0,
      findings: [{ id: 'mode-observe', severity: 'warning' }],
    });
  });

  test.each([
    [`${POLICY}mode: off\n`, 'POLICY_INVALID', { line: 7, column: 7 }],
    [Buffer.from([...Buffer.from('a: b\nc: '), 0xff]), 'POLICY_INVALID', { line: 2, column: 4 }],
    [`${HEAD}bindings: []\n`, 'POLICY_NO_ADMINISTRATOR', {}],
    ['x'.repeat(300_000), 'POLICY_TOO_LARGE', {}],
  ])('answers no for an invalid one', async (content, id, place) => {
    write('policy.yaml', content);
    const { exitCode, valid, findings } = await answer('policy', 'check', 'policy.yaml');
    expect({ exitCode, valid }).toEqual({ exitCode: 3, valid: false });
    expect(findings).toEqual([expect.objectContaining({ id, severity: 'error', ...place })]);
  });

  test('shows the place as compilers do', async () => {
    write('policy.yaml', `${POLICY}mode: off\n`);
    expect(await said('policy', 'check', 'policy.yaml')).toMatch(
      /policy\.yaml:7:7: error: "off" is not one of enforce, observe\n/,
    );
  });

  test('finds the policy of the one engine that has one', async () => {
    expect(await answer('policy', 'check')).toMatchObject({
      exitCode: 1,
      error: { code: 'POLICY_NOT_INSTALLED' },
    });
    write('etc/docker/policy.yaml', POLICY);
    expect(await answer('policy', 'check')).toMatchObject({
      exitCode: 0,
      file: path.join(folder, 'etc/docker/policy.yaml'),
    });
    write('etc/other/policy.yaml', POLICY);
    expect(await answer('policy', 'check')).toMatchObject({ exitCode: 1, error: { code: 'ENGINE_UNCLEAR' } });
  });
});

describe('policy explain', () => {
  test('names the rule that decides, and what each role would lead to', async () => {
    write('body.json', '{"Image":"a","HostConfig":{"Privileged":true}}');
    const words = ['dan', 'POST', '/containers/create', 'body.json', '--policy', 'policy.yaml'];
    expect(await answer('policy', 'explain', ...words)).toMatchObject({
      exitCode: 0,
      verdict: 'deny',
      operation: 'ContainerCreate',
      role: 'deployer',
      rule: 'guards',
      guard: 'privileged',
      roles: [
        { role: 'deployer', binding: 'bindings[1]', guard: 'privileged' },
        { role: 'viewer', binding: 'bindings[2]', rule: 'roles' },
      ],
      risks: [{ guard: 'privileged', where: 'HostConfig.Privileged' }],
    });
    expect(await said('policy', 'explain', ...words)).toMatch(
      /^dan may not ContainerCreate\n[^]*role +deployer, by bindings\[1\]\n[^]*guard +privileged\n/,
    );
  });

  test.each([
    ['dan', 'POST /containers/a/stop', 'allow', 'bindings[1]'],
    ['vera', 'get /info', 'allow', 'bindings[2]'],
    ['vera', 'POST /containers/a/stop', 'deny', 'roles'],
    ['nobody', 'GET /info', 'deny', 'bindings'],
    ['local', 'POST /swarm/init', 'allow', 'local'],
    ['dan', 'GET /nothing', 'deny', 'route'],
  ])('%s %s: %s by %s', async (client, line, verdict, rule) => {
    const found = await answer('policy', 'explain', client, ...line.split(' '), '--policy', 'policy.yaml');
    expect(found).toMatchObject({ exitCode: 0, verdict, rule });
  });

  test('takes a path with its slash alone: without it, no client sends such a request', async () => {
    expect(await answer('policy', 'explain', 'dan', 'GET', 'info', '--policy', 'policy.yaml')).toMatchObject({
      exitCode: 2,
      error: { message: 'PATH "info" does not begin with /' },
    });
  });

  test('denies whom a lock next to the policy keeps out, on the unix socket too', async () => {
    const words = ['--policy', 'policy.yaml'];
    await answer('authz', 'lock', 'add', '--name', 'vera', '--reason', 'lost', ...words);
    await answer('authz', 'lock', 'add', '--role', 'admin', ...words);
    for (const client of ['vera', 'local']) {
      expect(await answer('policy', 'explain', client, 'GET', '/info', ...words)).toMatchObject({
        verdict: 'deny',
        rule: 'locked',
      });
    }
    expect(await answer('policy', 'explain', 'dan', 'GET', '/info', ...words)).toMatchObject({
      verdict: 'allow',
    });
    expect(await said('policy', 'explain', 'dan', 'GET', '/info', ...words)).toContain(
      'as revoked or locked is not known here',
    );
  });

  test('says what the engine would be asked', async () => {
    write('body.json', '{"Image":"a","HostConfig":{"Binds":["data:/d"]}}');
    const words = ['dan', 'POST', '/containers/create', 'body.json', '--policy', 'policy.yaml'];
    expect(await answer('policy', 'explain', ...words)).toMatchObject({
      verdict: 'depends',
      needs: [{ kind: 'volume', reference: 'data' }],
    });
  });
});

describe('policy who-can', () => {
  test('lists the bindings that allow it', async () => {
    const { holders } = await answer('policy', 'who-can', 'ContainerCreate', '--policy', 'policy.yaml');
    const operations = ['ContainerCreate'];
    expect(holders).toEqual([
      { role: 'admin', operations, rule: 'bindings[0]', subjects: ['cn root'], limited: false },
      { role: 'deployer', operations, rule: 'bindings[1]', subjects: ['cn dan'], limited: false },
      { role: 'admin', operations, rule: 'local', subjects: ['local'], limited: false },
    ]);
  });

  test('lists for a group which of its operations a binding allows', async () => {
    const { holders } = await answer('policy', 'who-can', '@images', '--policy', 'policy.yaml');
    const all = ['ImageCreate', 'ImageTag', 'ImageDelete', 'ImagePrune', 'ImageLoad'];
    expect(holders).toEqual([
      { role: 'admin', operations: all, rule: 'bindings[0]', subjects: ['cn root'], limited: false },
      {
        role: 'deployer',
        operations: all.slice(0, 3),
        rule: 'bindings[1]',
        subjects: ['cn dan'],
        limited: false,
      },
      { role: 'admin', operations: all, rule: 'local', subjects: ['local'], limited: false },
    ]);
  });

  test('lists those whom a guard does not hold back', async () => {
    const words = ['ContainerCreate', '--guard', 'privileged', '--policy', 'policy.yaml'];
    const { holders } = await answer('policy', 'who-can', ...words);
    expect(holders).toHaveLength(2);
  });

  test.each([
    [['ContainerCreat'], 'did you mean ContainerCreate?'],
    [['@image'], 'did you mean @images?'],
    [['ContainerCreate', '--guard', 'all'], 'the guards are body,'],
  ])('refuses %j', async (words, hint) => {
    expect(await answer('policy', 'who-can', ...words, '--policy', 'policy.yaml')).toMatchObject({
      exitCode: 2,
      error: { code: 'USAGE', hint: expect.stringContaining(hint) },
    });
  });
});

describe('policy test', () => {
  const passing = '- { about: dan stops, as: dan, send: POST /containers/a/stop, expect: allow }\n';

  test('decides by the policy beside the cases', async () => {
    write('cases.yaml', passing);
    expect(await answer('policy', 'test', 'cases.yaml')).toEqual({
      exitCode: 0,
      policy: path.join(folder, 'policy.yaml'),
      cases: 1,
      failed: [],
    });
  });

  test('answers no where a case comes out otherwise, and says where it is', async () => {
    write(
      'cases.yaml',
      `${passing}- { about: vera stops, as: vera, send: POST /containers/a/stop, expect: allow }\n`,
    );
    expect(await answer('policy', 'test', 'cases.yaml')).toMatchObject({
      exitCode: 3,
      cases: 2,
      failed: [{ line: 2, about: 'vera stops', expected: 'allow', rule: 'roles' }],
    });
    expect(await said('policy', 'test', 'cases.yaml')).toBe(
      'cases.yaml:2: vera stops (POST /containers/a/stop): expected allow, ' +
        'denied: no role of this client allows ContainerStop\n2 cases: 1 as expected, 1 not\n',
    );
  });

  test('refuses cases that are not in the format', async () => {
    write('cases.yaml', `${passing}- { about: a }\n`);
    expect(await answer('policy', 'test', 'cases.yaml')).toMatchObject({
      exitCode: 1,
      error: {
        code: 'POLICY_CASES_INVALID',
        message: expect.stringMatching(/cases\.yaml:2:3: the key "as" is missing$/),
      },
    });
  });
});

describe('policy diff', () => {
  test('answers no when access widens', async () => {
    write('new.yaml', POLICY.replace('{ cn: vera }', '{ cn: vera }, { cn: new }'));
    expect(await answer('policy', 'diff', 'policy.yaml', 'new.yaml')).toMatchObject({
      exitCode: 3,
      widened: [{ holder: 'cn new', role: 'viewer', action: '*' }],
      narrowed: [],
    });
  });

  test('answers yes when it narrows, or stays', async () => {
    write('new.yaml', POLICY.replace('local: admin', 'local: viewer').replace('{ cn: vera }', '{ cn: new }'));
    expect(await answer('policy', 'diff', 'new.yaml', 'policy.yaml')).toMatchObject({ exitCode: 3 });
    write('new.yaml', POLICY.replace(', { cn: vera }', ''));
    expect(await answer('policy', 'diff', 'policy.yaml', 'new.yaml')).toMatchObject({
      exitCode: 0,
      widened: [],
      narrowed: [{ holder: 'cn vera' }],
    });
    expect(await said('policy', 'diff', 'policy.yaml', 'policy.yaml')).toBe('Both policies allow the same\n');
  });
});

test.each(['ci', 'compose', 'monitoring'])('policy preset %s prints a policy that is valid', async (name) => {
  write('preset.yaml', await said('policy', 'preset', name));
  expect(await answer('policy', 'check', 'preset.yaml')).toMatchObject({ exitCode: 0, valid: true });
});

describe('with a CA', () => {
  let ca: TestCa;

  beforeAll(async () => {
    ca = await makeTestCa(['issue-client', 'dan'], ['issue-client', 'otto', '--group', 'ops']);
    const { authorityKeyId = '' } = (await ca.current('client', 'otto')).certificate().info;
    fs.writeFileSync(
      path.join(ca.folder, 'policy.yaml'),
      POLICY.replace(
        'local:',
        `  - { role: operator, subjects: [{ ou: ops, issuer: '${authorityKeyId}' }] }\nlocal:`,
      ),
    );
  });

  async function ask(...argv: readonly string[]): Promise<Record<string, unknown>> {
    const { stdout } = await ca.run(...argv, '--json');
    return JSON.parse(String(stdout)) as Record<string, unknown>;
  }

  test('check finds bindings that match nobody', async () => {
    const { findings } = await ask('policy', 'check', 'policy.yaml');
    expect((findings as readonly { message: string }[]).map(({ message }) => message)).toEqual([
      'bindings[0] (role admin) matches no client of the CA: cn root',
      'bindings[2] (role viewer) matches no client of the CA: cn vera',
    ]);
  });

  test('explain goes by the whole certificate', async () => {
    const words = ['POST', '/containers/a/stop', '--policy', 'policy.yaml'];
    expect(await ask('policy', 'explain', 'otto', ...words)).toMatchObject({
      verdict: 'allow',
      role: 'operator',
    });
    const file = './ca/clients/otto/cert.pem';
    expect(await ask('policy', 'explain', file, ...words)).toMatchObject({
      verdict: 'allow',
      role: 'operator',
    });
  });

  test('explain denies whom the CA has revoked, and says what the plugin next to the policy knows', async () => {
    const words = ['GET', '/info', '--policy', 'engine/policy.yaml'];
    const copy = (file: string): void =>
      fs.copyFileSync(path.join(ca.folder, file), path.join(ca.folder, 'engine', path.basename(file)));
    fs.mkdirSync(path.join(ca.folder, 'engine'));
    for (const file of ['policy.yaml', 'ca/ca.pem', 'ca/crl.pem']) copy(file);
    await ca.run('issue-client', 'eve', '--group', 'ops');
    fs.copyFileSync(path.join(ca.folder, 'ca/clients/eve/cert.pem'), path.join(ca.folder, 'eve.pem'));
    expect(await ask('policy', 'explain', 'eve', ...words)).toMatchObject({ verdict: 'allow' });
    await ca.run('revoke', 'eve', '--yes');
    const denied = { verdict: 'deny', rule: 'revoked' };
    expect(await ask('policy', 'explain', 'eve', ...words)).toMatchObject(denied);
    // The list of the engine came before.
    expect(await ask('policy', 'explain', './eve.pem', ...words)).toMatchObject({ verdict: 'allow' });
    copy('ca/crl.pem');
    expect(await ask('policy', 'explain', './eve.pem', ...words)).toMatchObject(denied);
    expect(String((await ca.run('policy', 'explain', 'eve', ...words)).stdout)).toMatch(
      /^eve may not SystemInfo\n[^]*reason +its certificate is revoked\n/,
    );
  });

  test('who-can names the clients', async () => {
    const { holders } = await ask('policy', 'who-can', 'ContainerStop', '--policy', 'policy.yaml');
    expect((holders as readonly { clients?: unknown }[]).map(({ clients }) => clients)).toEqual([
      [],
      ['dan'],
      ['otto'],
      undefined,
    ]);
  });

  test('a certificate that has ended is no client', async () => {
    const later = { ...ca.io, now: () => new Date(NOW.getTime() + 3000 * 86_400_000) };
    const { stdout } = await main(['policy', 'check', 'policy.yaml', '--json'], later);
    expect(String(stdout)).toMatch(/bindings\[1\] \(role deployer\) matches no client/);
  });
});
