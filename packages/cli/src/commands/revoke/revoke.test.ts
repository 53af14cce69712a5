import fs from 'node:fs';
import path from 'node:path';
import { createCertificationRequest, generateKeyPair, readCrl } from '@docker-mtls/ca';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(
    ['issue-server', 'node1'],
    ['issue-client', 'alice'],
    ['issue-client', 'alice', '--force'],
    ['issue-client', 'bob'],
  );
});

type Answer = Record<string, unknown> & { readonly exitCode: number };

async function answer(...argv: readonly string[]): Promise<Answer> {
  const { stdout, exitCode } = await ca.run(...argv, '--json');
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

function inCa(name: string): string {
  return path.join(ca.folder, 'ca', name);
}

function write(name: string, text: string | Buffer): string {
  fs.writeFileSync(path.join(ca.folder, name), text);
  return `./${name}`;
}

/** The serial numbers in crl.pem, and its number. */
function onList(): { readonly number: bigint | undefined; readonly serials: readonly string[] } {
  const { number, revoked } = readCrl(fs.readFileSync(inCa('crl.pem')));
  return { number, serials: revoked.map(({ serial }) => serial) };
}

function colonsOf(serial: string): string {
  return (serial.match(/../gu) ?? []).join(':');
}

describe('revoke NAME', () => {
  test('revokes all of that name, replaced ones too, and no other', async () => {
    const { serial } = await ca.current('client', 'alice');
    expect(await answer('revoke', 'alice', '--yes', '--reason', 'affiliationChanged')).toMatchObject({
      exitCode: 0,
      reason: 'affiliationChanged',
      revoked: [{ kind: 'client', name: 'alice' }, { name: 'alice' }],
      before: [],
      crl: { file: inCa('crl.pem'), number: '2' },
    });
    expect(onList()).toEqual({ number: 2n, serials: expect.arrayContaining([serial]) });
    expect(onList().serials).toHaveLength(2);
    expect(fs.existsSync(inCa('clients/alice'))).toBe(false);
    expect(fs.existsSync(inCa('clients/bob/key.pem'))).toBe(true);
  });

  test('done again says so, makes no other list, and puts back what is missing', async () => {
    await answer('revoke', 'alice', '--yes');
    fs.rmSync(inCa('crl.pem'));
    expect(await answer('revoke', 'alice')).toMatchObject({
      exitCode: 0,
      revoked: [],
      before: [{ name: 'alice' }, { name: 'alice' }],
      crl: { number: '2' },
    });
    expect(onList().number).toBe(2n);
  });

  test('leaves the name free for a new pair, and hands out nothing meanwhile', async () => {
    await answer('revoke', 'alice', '--yes');
    expect(await answer('bundle', 'alice')).toMatchObject({ exitCode: 1, error: { code: 'PAIR_REVOKED' } });
    expect(await answer('issue-client', 'alice')).toMatchObject({ exitCode: 0 });
    expect(onList().serials).not.toContain((await ca.current('client', 'alice')).serial);
  });

  test('ends a name whose certificate has ended, too', async () => {
    const later = { ...ca.io, now: () => new Date(NOW.getTime() + 3000 * 86_400_000) };
    const { exitCode, stdout } = await main(['revoke', 'bob', '--yes'], later);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/refuse them already/u),
    });
    await expect(ca.current('client', 'bob')).rejects.toThrow('no client bob');
  });

  test('asks which kind is meant where there are two', async () => {
    await answer('issue-client', 'node1');
    expect(await answer('revoke', 'node1', '--yes')).toMatchObject({
      exitCode: 2,
      error: { code: 'USAGE', message: 'a server and a client are called "node1"' },
    });
    expect(await answer('revoke', 'NODE1', '--yes', '--kind', 'server')).toMatchObject({
      revoked: [{ kind: 'server', name: 'node1' }],
    });
    expect((await ca.current('client', 'node1')).status).toBe('current');
  });

  test('is listed and shown as revoked', async () => {
    await answer('revoke', 'bob', '--yes', '--reason', 'superseded');
    expect(await answer('list', '--state', 'revoked')).toMatchObject({
      certificates: [
        { name: 'bob', state: 'revoked', revokedAt: NOW.toISOString(), revocationReason: 'superseded' },
      ],
    });
    expect(String((await ca.run('show', 'bob')).stdout)).toMatch(/revoked +2026-01-01.*\(superseded\)/u);
    expect(String((await ca.run('crl', 'show')).stdout)).toMatch(/superseded +client +bob/u);
  });

  test('says who reads no list, and how to shut the person out of the engines', async () => {
    const { stdout } = await ca.run('revoke', 'alice', '--yes');
    expect(stdout).toMatch(/crl --push .*\nWho does not: docker, and dockerd without authz\./u);
    expect(stdout).toMatch(
      /^ {2}docker-mtls secure node1 --client bob --ca-dir NEW --apply --allow-cut-off$/mu,
    );
  });

  test('names twenty of those who stay, and says how to find the others', async () => {
    fs.writeFileSync(path.join(ca.folder, 'names'), Array.from({ length: 30 }, (_, n) => `c${n}\n`).join(''));
    await ca.run('issue-client', '--names', 'names');
    const { next } = await answer('revoke', 'alice', '--yes');
    expect(next).toEqual([
      expect.stringMatching(/--client NAME --ca-dir NEW/u),
      '# and --client NAME for each other client that stays: docker-mtls list',
    ]);
  });

  test('keeps the files with --keep-files', async () => {
    await answer('revoke', 'bob', '--yes', '--keep-files');
    expect(fs.existsSync(inCa('clients/bob/key.pem'))).toBe(true);
  });
});

describe('the question', () => {
  test('needs --yes where there is no terminal, and nothing is revoked', async () => {
    expect(await answer('revoke', 'bob')).toMatchObject({ exitCode: 2, error: { code: 'USAGE' } });
    expect(onList().number).toBe(1n);
  });

  test.each([
    { says: true, exitCode: 0, number: 2n },
    { says: false, exitCode: 1, number: 1n },
  ])('is answered by $says', async ({ says, exitCode, number }) => {
    const questions: string[] = [];
    const askYes = async (question: string): Promise<boolean> => {
      questions.push(question);
      return says;
    };
    const outcome = await main(['revoke', 'bob'], { ...ca.io, askYes });
    expect({ exitCode: outcome.exitCode, number: onList().number }).toEqual({ exitCode, number });
    expect(questions).toEqual([expect.stringMatching(/client bob, serial .*\nRevoke it\?/u)]);
  });
});

describe('revoke SERIAL', () => {
  test.each([
    { as: 'in full', spell: (serial: string) => serial },
    { as: 'in capitals', spell: (serial: string) => serial.toUpperCase() },
    { as: 'with colons', spell: colonsOf },
    { as: 'with a sign octet and 0x', spell: (serial: string) => `0x00${serial}` },
    { as: 'by its first digits', spell: (serial: string) => serial.slice(0, 8) },
    { as: 'by few digits that cannot be a name', spell: (serial: string) => `0x${serial.slice(0, 4)}` },
  ])('takes it $as', async ({ spell }) => {
    const { serial } = await ca.current('client', 'alice');
    expect(await answer('revoke', spell(serial), '--yes')).toMatchObject({
      exitCode: 0,
      revoked: [{ serial, name: 'alice' }],
    });
    expect(onList().serials).toEqual([serial]);
  });

  test('takes a few digits alone for a name', async () => {
    const { serial } = await ca.current('client', 'alice');
    for (const digits of [4, 7])
      expect(await answer('revoke', serial.slice(0, digits), '--yes')).toMatchObject({
        exitCode: 1,
        error: { code: 'NOT_FOUND' },
      });
    expect(onList().number).toBe(1n);
  });

  test.each([
    ['0xabc', '0abc'],
    ['0A:bc', '0abc'],
    ['4F00000000000000000000000000000001', '4f00000000000000000000000000000001'],
  ])('takes %s, which is not on record', async (text, serial) => {
    expect(await answer('revoke', text, '--yes')).toMatchObject({ exitCode: 0, revoked: [{ serial }] });
    expect(onList().serials).toEqual([serial]);
    expect(await answer('revoke', serial)).toMatchObject({ exitCode: 0, before: [{ serial }] });
  });

  test.each(['abe', 'decade', '12', '0x', '0x00', `0x${'f'.repeat(41)}`, 'f'.repeat(41)])(
    'takes %s, which nobody has, for a mistake',
    async (text) => {
      expect(await answer('revoke', text, '--yes')).toMatchObject({
        exitCode: 1,
        error: { code: 'NOT_FOUND' },
      });
      expect(onList().number).toBe(1n);
    },
  );

  test('refuses the CA itself', async () => {
    const listed = await answer('list', '--kind', 'ca');
    const [{ serial = '' } = {}] = listed['certificates'] as readonly { readonly serial?: string }[];
    expect(await answer('revoke', serial, '--yes')).toMatchObject({ exitCode: 1, error: { code: 'IS_CA' } });
  });
});

describe('revoke FILE', () => {
  test('takes a chain, whose leaf is meant, and DER', async () => {
    const alice = (await ca.current('client', 'alice')).certificate();
    const bob = (await ca.current('client', 'bob')).certificate();
    const chain = write('chain', `${bob.pem}${fs.readFileSync(inCa('ca.pem'), 'utf8')}`);
    expect(await answer('revoke', chain, '--yes')).toMatchObject({ revoked: [{ name: 'bob' }] });
    const der = write('alice.der', alice.der);
    expect(await answer('revoke', der, '--yes')).toMatchObject({ revoked: [{ name: 'alice' }] });
  });

  test('does not say that it removed files of one that has none here', async () => {
    const { stdout } = await ca.run('revoke', '0x4455', '--yes');
    expect(stdout).toMatch(/^Revoked 1 certificate \(unspecified\)\n/u);
  });

  test('takes one that is not on record, if the key of this CA issued it', async () => {
    const registry = inCa('registry.db');
    const before = fs.readFileSync(registry);
    await answer('issue-client', 'carol');
    const carol = (await ca.current('client', 'carol')).certificate();
    fs.writeFileSync(registry, before);
    expect(await answer('revoke', write('carol.pem', carol.pem), '--yes')).toMatchObject({
      exitCode: 0,
      revoked: [{ serial: carol.info.serial }],
    });
    expect(await answer('list', '--state', 'revoked')).toMatchObject({ certificates: [{ name: 'carol' }] });
  });

  test('refuses what another CA issued, several certificates, a CA, and what is none', async () => {
    const other = await makeTestCa(['issue-client', 'alice']);
    const stranger = (await other.current('client', 'alice')).certificate().pem;
    const [alice, bob] = [await ca.current('client', 'alice'), await ca.current('client', 'bob')];
    const both = [alice, bob].map((entry) => entry.certificate().pem).join('');
    for (const [name, text, code] of [
      ['stranger.pem', stranger, 'NOT_OURS'],
      ['both.pem', both, 'FILE_UNCLEAR'],
      ['ca.pem', fs.readFileSync(inCa('ca.pem'), 'utf8'), 'FILE_UNCLEAR'],
      ['text.pem', 'nothing', 'CA_CERTIFICATE_INVALID'],
      ['crl.pem', fs.readFileSync(inCa('crl.pem'), 'utf8'), 'CA_CERTIFICATE_INVALID'],
    ] as const)
      expect(await answer('revoke', write(name, text), '--yes')).toMatchObject({
        exitCode: 1,
        error: { code },
      });
    expect(await answer('revoke', './missing.pem', '--yes')).toMatchObject({
      error: { code: 'FILE_NOT_FOUND' },
    });
    expect(onList().number).toBe(1n);
  });
});

test('a compromised key is never certified again, and takes all its certificates with it', async () => {
  const request = createCertificationRequest(generateKeyPair('ec-p256'), { commonName: 'x' });
  fs.writeFileSync(path.join(ca.folder, 'x.csr'), request.pem);
  await answer('issue-client', 'carol', '--csr', 'x.csr');
  await answer('issue-client', 'dora', '--csr', 'x.csr');
  expect(await answer('revoke', 'carol', '--yes', '--reason', 'keyCompromise')).toMatchObject({
    revoked: [{ name: 'carol' }, { name: 'dora' }],
  });
  expect(await answer('issue-client', 'emil', '--csr', 'x.csr')).toMatchObject({
    exitCode: 1,
    error: { code: 'CA_DIRECTORY_KEY_COMPROMISED' },
  });
});
