import fs from 'node:fs';
import path from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readCertificate } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { issuePair, withSession } from '@docker-mtls/authority';
import { openStore } from '@docker-mtls/ca-directory';
import type { Store } from '@docker-mtls/ca-directory';
import { NOW, testAuthority } from '../../../authority/testing/test-authority.ts';
import type { TestAuthority } from '../../../authority/testing/test-authority.ts';
import { openSqlite } from '../../../registry/src/sqlite/open-sqlite.ts';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { found as finding } from '../found.ts';
import { inspectCa } from './inspect-ca.ts';
import type { CaInspection } from './inspect-ca.ts';

const DAY = 86_400_000;

let healthy: TestAuthority;
let directory: string;

const inCa = (...parts: readonly string[]): string => path.join(directory, ...parts);

function after(days: number): Date {
  return new Date(NOW.getTime() + days * DAY);
}

async function inspected(days = 1): Promise<CaInspection> {
  const inspection = await inspectCa({ directory, now: after(days) });
  if (inspection === undefined) throw new Error('there is no CA');
  return inspection;
}

/** `DM218 client alice` for each finding. */
async function findingsAfter(days = 1): Promise<readonly string[]> {
  const { findings } = await inspected(days);
  return findings.map(({ id, subject }) => `${id} ${path.basename(subject)}`);
}

async function change(work: (store: Store) => unknown): Promise<void> {
  const store = await openStore(directory);
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

beforeAll(async () => {
  healthy = await testAuthority();
  await healthy.issue({ kind: 'server', name: 'node1', lifetime: 90 * 86_400 });
  await healthy.issue({ kind: 'client', name: 'alice', lifetime: 90 * 86_400 });
  await healthy.issue({ kind: 'client', name: 'bob', lifetime: 360 * 86_400 });
});

beforeEach(() => {
  directory = path.join(temporaryFolder(), 'ca');
  fs.cpSync(healthy.directory, directory, { recursive: true, verbatimSymlinks: true });
});

test('a healthy CA directory has no findings, and is described', async () => {
  const { findings, contents } = await inspected();
  expect(findings).toEqual([]);
  expect(contents).toMatchObject({
    recorded: { certificates: 4, servers: 1, clients: 2, unfinished: 0 },
    authorities: [{ state: 'signing' }],
    list: { number: 1n },
  });
});

test('what is found while another command changes the CA is looked at again', async () => {
  const authority = await testAuthority();
  let looks = 0;
  const also = async (): Promise<CaInspection['findings']> => {
    looks++;
    if (looks > 1) return [];
    await authority.issue({ kind: 'client', name: 'alice' });
    return [
      finding('authority', 'pair-missing', { subject: 'client alice', message: 'it is not there yet' }),
    ];
  };
  const inspection = await inspectCa({ directory: authority.directory, now: after(1), also });
  expect([inspection?.findings, looks]).toEqual([[], 2]);
});

test('there is nothing to look at where there is no CA', async () => {
  expect(await inspectCa({ directory: path.join(temporaryFolder(), 'none'), now: NOW })).toBeUndefined();
  expect(await inspectCa({ directory: temporaryFolder(), now: NOW })).toBeUndefined();
});

function times(): readonly string[] {
  return fs
    .readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => `${name} ${fs.lstatSync(inCa(name)).ctimeMs}`);
}

test('a look changes nothing, not even times', async () => {
  const before = times();
  await inspected(95);
  expect(times()).toEqual(before);
});

describe('modes and owners', () => {
  test.each<[string, readonly string[], number, string]>([
    ['a CA directory that others may write to', [], 0o777, 'DM201'],
    ['a registry that others may write to', ['registry.db'], 0o666, 'DM207'],
    ['a ca.pem that others may write to', ['ca.pem'], 0o664, 'DM207'],
    ['a profile that others may write to', ['profiles', 'client.json'], 0o666, 'DM207'],
    ['a folder of all clients that others may write to', ['clients'], 0o770, 'DM207'],
    ['a folder of a pair that others may write to', ['clients', 'alice'], 0o770, 'DM207'],
    ['a folder of the CA key that others may enter', ['private'], 0o750, 'DM203'],
    ['a CA key that others may read', ['private', 'ca-key.pem'], 0o644, 'DM203'],
    ['a key of a pair that others may read', ['servers', 'node1', 'server-key.pem'], 0o640, 'DM206'],
  ])('%s', async (_, parts, mode, id) => {
    const right = fs.statSync(inCa(...parts)).mode & 0o777;
    fs.chmodSync(inCa(...parts), mode);
    const { findings } = await inspected();
    const [first] = findings;
    expect(first).toMatchObject({ id, subject: inCa(...parts) });
    expect(first?.hint).toMatch(/^run docker-mtls ca repair, or chmod 0\d{3} /u);
    const [, wanted = ''] = /chmod (\d+)/u.exec(first?.hint ?? '') ?? [];
    fs.chmodSync(inCa(...parts), Number.parseInt(wanted, 8));
    expect(await findingsAfter()).toEqual([]);
    fs.chmodSync(inCa(...parts), right);
  });
});

describeNeeding(['root'], 'owners', () => {
  const OTHER = 4242;

  test.each([[['clients']], [['clients', 'alice', 'key.pem']], [['private', 'ca-key.pem']], [['ca.pem']]])(
    'another user owns %j',
    async (parts) => {
      fs.chownSync(inCa(...parts), OTHER, OTHER);
      const { findings } = await inspected();
      const wanted = {
        id: 'DM202',
        subject: inCa(...parts),
        hint: `run as root: chown 0:0 ${inCa(...parts)}`,
      };
      expect(findings).toContainEqual(expect.objectContaining(wanted));
      fs.chownSync(inCa(...parts), 0, 0);
      expect(await findingsAfter()).toEqual([]);
    },
  );

  test('the owner of all of it may be another user than root, who looks', async () => {
    const files = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' });
    for (const name of ['', ...files]) fs.lchownSync(inCa(name), OTHER, OTHER);
    expect(await findingsAfter()).toEqual([]);
  });
});

describe('files', () => {
  test.each<[string, () => void, readonly string[]]>([
    ['a missing ca.pem', () => fs.rmSync(inCa('ca.pem')), ['DM208 ca.pem']],
    ['a missing crl.pem', () => fs.rmSync(inCa('crl.pem')), ['DM208 crl.pem']],
    ['another ca.pem', () => fs.writeFileSync(inCa('ca.pem'), 'x'), ['DM209 ca.pem']],
    ['another crl.pem', () => fs.appendFileSync(inCa('crl.pem'), '\n'), ['DM209 crl.pem']],
    [
      'a CA key that is none',
      () => fs.writeFileSync(inCa('private/ca-key.pem'), 'x'),
      ['DM229 CA docker-mtls CA'],
    ],
    [
      'a key of a pair that was removed',
      () => fs.rmSync(inCa('clients/alice/.current/key.pem')),
      ['DM233 key.pem'],
    ],
    ['a missing CA key', () => fs.rmSync(inCa('private/ca-key.pem')), ['DM204 CA docker-mtls CA']],
    ['a profile that is no JSON', () => fs.writeFileSync(inCa('profiles/ca.json'), '{'), ['DM211 ca.json']],
    [
      'a pair that is gone',
      () => fs.rmSync(inCa('clients/alice'), { recursive: true }),
      ['DM210 client alice'],
    ],
    ['a missing certificate', () => fs.rmSync(inCa('clients/alice/cert.pem')), ['DM208 cert.pem']],
    [
      'the certificate of somebody else',
      () => replace('clients/alice/cert.pem', fs.readFileSync(inCa('clients/bob/cert.pem'))),
      ['DM209 cert.pem'],
    ],
    ['a certificate that is a folder', () => replaceByFolder('clients/alice/cert.pem'), ['DM209 cert.pem']],
    ['no certificate at all', () => replace('clients/alice/cert.pem', Buffer.from('x')), ['DM209 cert.pem']],
    [
      'the key of somebody else',
      () => replace('clients/alice/key.pem', fs.readFileSync(inCa('clients/bob/key.pem'))),
      ['DM209 key.pem'],
    ],
    ['no roots', () => replace('servers/node1/ca.pem', Buffer.alloc(0)), ['DM209 ca.pem']],
  ])('%s', async (_, break_, expected) => {
    break_();
    expect(await findingsAfter()).toEqual(expected);
  });

  test('the key of a signed request need not be there', async () => {
    fs.rmSync(inCa('clients/alice/key.pem'));
    expect(await findingsAfter()).toEqual([]);
  });
});

/** As somebody does with an editor: the link becomes a file. */
function replace(name: string, data: Buffer): void {
  fs.rmSync(inCa(name));
  fs.writeFileSync(inCa(name), data, { mode: 0o600 });
}

function replaceByFolder(name: string): void {
  fs.rmSync(inCa(name));
  fs.mkdirSync(inCa(name), { mode: 0o700 });
}

async function severities(days: number): Promise<readonly string[]> {
  return (await inspected(days)).findings.filter(({ id }) => id === 'DM217').map(({ severity }) => severity);
}

describe('certificates', () => {
  test.each([
    [59, []],
    [61, ['DM218 server node1', 'DM218 client alice']],
    [91, ['DM217 server node1', 'DM217 client alice']],
    [119, ['DM217 server node1', 'DM217 client alice']],
    [121, ['DM217 servers', 'DM217 clients']],
    [-1, ['DM219 server node1', 'DM219 client alice', 'DM219 client bob']],
  ])('after %d days: %j', async (days, expected) => {
    const found = await findingsAfter(days);
    expect(found.filter((each) => !/^DM22[56]|^DM215/u.test(each))).toEqual(expected);
  });

  test('a server that has expired is an error, a client a warning, and both a note after 30 days', async () => {
    expect(await severities(91)).toEqual(['error', 'warning']);
    expect(await severities(121)).toEqual(['note', 'note']);
  });

  test('what to do about a client also packs its new pair', async () => {
    const { findings } = await inspected(61);
    expect(findings.find(({ subject }) => subject === 'client alice')).toMatchObject({
      hint: 'run docker-mtls renew --kind client alice && docker-mtls bundle alice --for HOST',
    });
  });

  test('many are shown in part, and counted', async () => {
    const orders = Array.from({ length: 12 }, (_, index) => `robot${index}`);
    await copyInto(async (ca) => {
      for (const name of orders) await ca.issue({ kind: 'client', name, lifetime: 30 * 86_400 });
    });
    const due = (await inspected(25)).findings.filter(({ id }) => id === 'DM218');
    expect(due).toHaveLength(11);
    expect(due.at(-1)).toMatchObject({
      subject: 'clients',
      message: 'the certificates of 2 more clients are due for renewal',
    });
  });

  test("revoked and replaced ones are nobody's concern", async () => {
    await copyInto(async (ca) => {
      await ca.issue({ kind: 'client', name: 'alice', force: true, lifetime: 360 * 86_400 });
    });
    expect((await findingsAfter(91)).filter((each) => each.includes('client'))).toEqual([]);
  });

  test.each<[string, Odd, readonly string[]]>([
    ['ordinary', {}, []],
    ['good for 825 days', { days: 825 }, []],
    ['good for longer', { days: 900 }, ['DM221 client odd']],
    ['good for both roles', { purposes: ['clientAuth', 'serverAuth'] }, ['DM222 client odd']],
    ['weak', { bits: 1024 }, ['DM220 client odd']],
  ])('a certificate that is %s', async (_, odd, expected) => {
    await publishOdd(odd);
    expect(await findingsAfter()).toEqual(expected);
  });
});

/** Work with the copy of the CA directory, as commands do. */
async function copyInto(work: (ca: TestAuthority) => Promise<unknown>): Promise<void> {
  const access = { ...healthy.access, directory };
  await work({
    ...healthy,
    directory,
    access,
    issue: (order) =>
      withSession(access, (session) => issuePair(session, { groups: [], sans: [], force: false, ...order })),
  });
}

type Odd = { readonly days?: number; readonly purposes?: readonly string[]; readonly bits?: number };

/** A certificate that this CA would not issue by itself: as one of an earlier release, or of another program. */
async function oddPair({ days = 300, purposes = ['clientAuth'], bits = 2048 }: Odd): Promise<{
  readonly certificate: Certificate;
  readonly keyPem: string;
}> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.publicKeyFromPem(publicKey);
  made.serialNumber = `5${'1'.repeat(31)}`;
  made.validity = { notBefore: NOW, notAfter: after(days) };
  made.setSubject([{ shortName: 'CN', value: 'odd' }]);
  const { authorityKeyId = '' } = (await healthy.current('client', 'alice')).certificate().info;
  made.setExtensions([
    { name: 'authorityKeyIdentifier', keyIdentifier: Buffer.from(authorityKeyId, 'hex').toString('binary') },
    { name: 'extKeyUsage', ...Object.fromEntries(purposes.map((purpose) => [purpose, true])) },
  ]);
  made.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return { certificate: readCertificate(forge.pki.certificateToPem(made)), keyPem: privateKey };
}

async function publishOdd(odd: Odd): Promise<void> {
  const pair = await oddPair(odd);
  const order = { kind: 'client', name: 'odd', force: false, operator: 'ada@desk', now: NOW } as const;
  await change((store) => store.publishPair({ ...order, ...pair }));
}

describe('the CA', () => {
  test.each([
    [3649 - 401, []],
    [3651 - 400, ['DM214 CA docker-mtls CA']],
    [3651, ['DM213 CA docker-mtls CA']],
    [-1, ['DM215 CA docker-mtls CA']],
  ])('after %d days: %j', async (days, expected) => {
    expect((await findingsAfter(days)).filter((each) => / CA /u.test(each))).toEqual(expected);
  });
});

test('a weak key of the CA is reported', async () => {
  const { certificate } = await oddPair({ bits: 1024 });
  sql(`UPDATE certificates SET der = x'${certificate.der.toString('hex')}' WHERE kind = 'ca'`);
  expect((await findingsAfter()).filter((each) => each.startsWith('DM216'))).toHaveLength(1);
});

test('what a stopped command has left is reported', async () => {
  sql(`INSERT INTO unfinished (serial, kind, folder) VALUES ('ab', 'client', 'carol')`);
  expect(await findingsAfter()).toEqual(['DM212 ca']);
  await change(() => undefined);
  expect(await findingsAfter()).toEqual([]);
});

/** Changes the registry behind its triggers' back. */
function sql(statement: string): void {
  const database = openSqlite(inCa('registry.db'));
  database.exec('DROP TRIGGER certificates_are_fixed');
  database.exec(statement);
  database.close();
}

describe('the revocation list', () => {
  test.each([
    [-1, ['DM225 crl.pem']],
    [14, []],
    [16, ['DM226 crl.pem']],
    [31, ['DM225 crl.pem']],
  ])('after %d days: %j', async (days, expected) => {
    expect((await findingsAfter(days)).filter((each) => each.endsWith('crl.pem'))).toEqual(expected);
  });
});

describe('renewals and hooks', () => {
  test('that failed are reported until they succeed', async () => {
    const { serial } = await healthy.current('client', 'alice');
    await change((store) =>
      store.recordFailures({
        failed: [{ serial, code: 'CA_EXPIRED', message: 'the CA ended' }],
        operator: 'ada@desk',
        now: NOW,
      }),
    );
    const { findings } = await inspected();
    expect(findings).toMatchObject([
      { id: 'DM223', severity: 'error', message: expect.stringContaining('the CA ended') },
    ]);
    await copyInto((ca) => ca.issue({ kind: 'client', name: 'alice', force: true }));
    expect(await findingsAfter()).toEqual([]);
  });

  test('a hook that failed is reported until it succeeds', async () => {
    const { serial } = await healthy.current('server', 'node1');
    const report = { serial, outcome: 'exit code 3', operator: 'ada@desk', now: NOW };
    await change((store) => store.recordHook({ ...report, isDone: false }));
    expect((await inspected()).findings).toMatchObject([
      { id: 'DM224', subject: 'server node1', message: expect.stringContaining('exit code 3') },
    ]);
    await change((store) => store.recordHook({ ...report, isDone: true }));
    expect(await findingsAfter()).toEqual([]);
  });
});
