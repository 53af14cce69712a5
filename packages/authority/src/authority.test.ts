import fs from 'node:fs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { readStore } from '@docker-mtls/ca-directory';
import { NOW, testAuthority } from '../testing/test-authority.ts';
import type { PairOrder } from './index.ts';
import type { TestAuthority } from '../testing/test-authority.ts';
import * as archives from './archives.ts';
import * as backup from './backup.ts';
import * as bundles from './bundle/index.ts';
import * as fromList from './from-list.ts';
import * as surface from './index.ts';
import * as renewal from './renewal.ts';
import * as revocation from './revocation.ts';
import * as rotation from './rotation.ts';
import { inPlace, issuePair, makeCa, reinstateServer, requireCurrent, withSession } from './index.ts';
import { clientFiles } from './archives.ts';

// Everything that a timer or a service needs is called here as it would call it: without a command line.

let ca: TestAuthority;

beforeEach(async () => {
  ca = await testAuthority();
});

async function lifetimeOf(order: Partial<PairOrder>): Promise<number> {
  const { certificate } = await ca.issue({ kind: 'client', name: 'alice', force: true, ...order });
  return (certificate.info.notAfter.getTime() - NOW.getTime()) / 1000;
}

test('the public surface of the package', () => {
  expect(Object.keys(surface).toSorted()).toMatchInlineSnapshot(`
    [
      "AuthorityError",
      "DEFAULT_CA_NAME",
      "clientWithKey",
      "folderOf",
      "hasCa",
      "hasKey",
      "inPlace",
      "issuePair",
      "lostKeyHint",
      "makeCa",
      "newPairHint",
      "notIssued",
      "preparePair",
      "publishPrepared",
      "readerIfAny",
      "refreshedOrNot",
      "refuseNotYetValid",
      "refuseOutOfDate",
      "reinstateServer",
      "rememberCopies",
      "requestOf",
      "requireCurrent",
      "requireServerKey",
      "templateProfile",
      "warnDue",
      "withFormerNames",
      "withSession",
    ]
  `);
});

test('what the package offers besides, to commands that need it', () => {
  const paths = { archives, backup, bundles, fromList, renewal, revocation, rotation };
  const names = Object.entries(paths).map(([name, path]) => [name, Object.keys(path).toSorted()]);
  expect(Object.fromEntries(names)).toMatchInlineSnapshot(`
    {
      "archives": [
        "bundleFileName",
        "checkBundlePlace",
        "clientFiles",
        "isEarlierBundle",
        "packClient",
        "writeBundle",
      ],
      "backup": [
        "backUp",
        "restoreBackup",
      ],
      "bundles": [
        "bundleClient",
        "bundleClients",
        "refreshBundles",
        "writeClientBundles",
      ],
      "fromList": [
        "issuePairs",
        "readNames",
        "readServerNames",
        "sortClients",
        "sortServers",
      ],
      "renewal": [
        "isOpen",
        "issueListsIfDue",
        "judgePairs",
        "minutesOpen",
        "nextWindow",
        "parseWindow",
        "prepareRenewal",
        "recordFailure",
        "renew",
        "renewBatches",
        "renewablePairs",
        "runHooks",
        "whyWaiting",
      ],
      "revocation": [
        "issueLists",
        "listIssuer",
        "planRevocation",
        "revoke",
      ],
      "rotation": [
        "planPreparation",
        "planRetirement",
        "planSwitch",
        "prepareRotation",
        "renewCa",
        "retireRotation",
        "rotationStatus",
        "switchRotation",
      ],
    }
  `);
});

describe('making a CA', () => {
  test('a second CA in the same directory is refused before a passphrase is asked for', async () => {
    const order = { directory: ca.directory, name: 'Other CA', passphrase: neverAsked };
    await expect(makeCa(order, ca.access.caller)).rejects.toMatchObject({ code: 'CA_DIRECTORY_EXISTS' });
  });

  test('an encrypted key is unlocked once, and only when something is signed', async () => {
    const locked = await testAuthority('correct horse');
    let asked = 0;
    const unlock = async (): Promise<string> => {
      asked += 1;
      return 'correct horse';
    };
    const order = { kind: 'client', groups: [], sans: [], force: false } as const;
    await withSession({ ...locked.access, unlock }, async (session) => {
      await session.reader.entries();
      expect(asked).toBe(0);
      await issuePair(session, { ...order, name: 'alice' });
      await issuePair(session, { ...order, name: 'bob' });
    });
    expect(asked).toBe(1);
  });
});

describe('a clock before the release', () => {
  test.each(['1970-01-01T00:00:00Z', '2025-12-30T00:00:00Z'])('%s signs nothing', async (time) => {
    const caller = { ...ca.access.caller, now: () => new Date(time) };
    const order = { kind: 'client', name: 'alice', groups: [], sans: [], force: false } as const;
    const issued = withSession({ ...ca.access, caller }, (session) => issuePair(session, order));
    await expect(issued).rejects.toMatchObject({ code: 'CLOCK_BEHIND' });
    const made = makeCa({ directory: `${ca.directory}-2`, name: 'CA', passphrase: neverAsked }, caller);
    await expect(made).rejects.toMatchObject({ code: 'CLOCK_BEHIND' });
    expect(fs.existsSync(`${ca.directory}-2`)).toBe(false);
  });
});

describe('issuing', () => {
  test('a pair is published where the registry says, for the caller who ordered it', async () => {
    const issued = await ca.issue({ kind: 'client', name: 'alice', groups: ['ops'] });
    const entry = await ca.current('client', 'alice');
    expect(entry).toMatchObject({
      serial: issued.certificate.info.serial,
      directory: issued.directory,
      issuedBy: 'ada@desk',
    });
    expect(entry.issuedAt).toEqual(NOW);
    expect(issued.certificate.info.subject.organizationalUnits).toEqual(['ops']);
  });

  test('a name that is taken needs force, and then the new pair tells which one it replaced', async () => {
    const first = await ca.issue({ kind: 'client', name: 'alice' });
    await expect(ca.issue({ kind: 'client', name: 'alice' })).rejects.toMatchObject({
      code: 'CA_DIRECTORY_NAME_TAKEN',
    });
    const second = await ca.issue({ kind: 'client', name: 'alice', force: true });
    expect(second.former?.serial).toBe(first.certificate.info.serial);
  });

  test('a pair that replaces another lasts as long as that one, unless told otherwise', async () => {
    expect(await lifetimeOf({ lifetime: 60 })).toBe(60);
    expect(await lifetimeOf({})).toBe(60);
    expect(await lifetimeOf({ lifetime: 7200 })).toBe(7200);
    expect(await lifetimeOf({})).toBe(7200);
  });

  test('a pair that replaces one which ended with its CA lasts as the profile says', async () => {
    const ended = await withSession(
      ca.access,
      async ({ reader }) => (await reader.authority()).certificate.info.notAfter,
    );
    const lifetime = (ended.getTime() - NOW.getTime()) / 1000;
    await ca.issue({ kind: 'client', name: 'alice', lifetime });
    expect((await ca.current('client', 'alice')).notAfter).toEqual(ended);
    await ca.issue({ kind: 'client', name: 'alice', force: true });
    expect((await ca.current('client', 'alice')).notAfter < ended).toBe(true);
  });

  test('a pair that ended with its CA is replaced by one that lasts as the profile says, also where the CA was renewed since', async () => {
    const ended = await withSession(
      ca.access,
      async ({ reader }) => (await reader.authority()).certificate.info.notAfter,
    );
    await ca.issue({ kind: 'client', name: 'alice', lifetime: (ended.getTime() - NOW.getTime()) / 1000 });
    await withSession(ca.access, (session) => rotation.renewCa(session, { lifetime: 30 * 365 * 86_400 }));
    await ca.issue({ kind: 'client', name: 'alice', force: true });
    expect((await ca.current('client', 'alice')).notAfter < ended).toBe(true);
  });

  test("a server's earlier pair can be put in force again", async () => {
    const { certificate } = await ca.issue({ kind: 'server', name: 'node1' });
    await ca.issue({ kind: 'server', name: 'node1', force: true });
    const pair = { directory: ca.directory, name: 'node1', serial: certificate.info.serial };
    await reinstateServer(pair, ca.access.caller);
    expect((await ca.current('server', 'node1')).serial).toBe(certificate.info.serial);
  });

  test('a server of a CA that is gone has nothing to put in force', async () => {
    fs.rmSync(ca.directory, { recursive: true });
    const pair = { directory: ca.directory, name: 'node1', serial: '01' };
    await expect(reinstateServer(pair, ca.access.caller)).resolves.toBeUndefined();
  });
});

describe('handing out', () => {
  test("a client's files are those that were published", async () => {
    const { directory } = await ca.issue({ kind: 'client', name: 'alice' });
    const read = (name: string): string => fs.readFileSync(`${directory}/${name}`, 'utf8');
    expect(clientFiles(await ca.current('client', 'alice'))).toEqual({
      ca: read('ca.pem'),
      certificate: read('cert.pem'),
      key: read('key.pem'),
    });
  });

  test('a name that was not issued is refused with the command that issues it', async () => {
    await ca.use(async ({ reader }) => {
      await expect(requireCurrent(reader, 'client', 'bob')).rejects.toThrow(
        expect.objectContaining({ code: 'NOT_ISSUED', hint: expect.stringContaining('issue-client bob') }),
      );
    });
  });

  test('a pair whose files are published needs no repair', async () => {
    await ca.issue({ kind: 'client', name: 'alice' });
    const entry = await ca.current('client', 'alice');
    expect(await ca.use(async (session) => inPlace(session, entry))).toBe(entry);
  });
});

test('a session closes the CA directory even when the work with it fails', async () => {
  await expect(ca.use(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  const reader = await readStore(ca.directory);
  await reader.close();
});

function neverAsked(): Promise<string> {
  throw new Error('a passphrase was asked for');
}
