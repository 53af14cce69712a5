import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { generateIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { writeTar } from '../archive/write-tar.ts';
import { packDockerContext } from '../context/context-archive.ts';
import { packBundle } from '../layout/pack-bundle.ts';
import { decryptBundle, encryptBundle } from '../protect/encrypt-bundle.ts';
import { openBundle } from './open-bundle.ts';

const MIB = 1024 * 1024;
const NOW = new Date();
const OURS = makeAuthority('our CA', 'ec-p256');
const ALICE = issuePair(OURS.authority, 'client', { name: 'alice' });
const IDENTITY = await generateIdentity();

/** A header as the age format has it, of stanzas that nobody made. */
function age(stanza: string, count: number): Buffer {
  return Buffer.from(`age-encryption.org/v1\n${stanza.repeat(count)}--- ${'A'.repeat(43)}\n`);
}

const TO_SOMEBODY = `-> X25519 ${'A'.repeat(43)}\n${'A'.repeat(43)}\n`;
const BY_PASSPHRASE = (factor: number): string =>
  `-> scrypt ${'A'.repeat(22)} ${factor}\n${'A'.repeat(43)}\n`;

describe('decryptBundle does not try for long', () => {
  test.each([
    ['more recipients than a bundle has', age(TO_SOMEBODY, 257), 'BUNDLE_ARCHIVE_TOO_LARGE'],
    ['a hundred thousand recipients', age(TO_SOMEBODY, 100_000), 'BUNDLE_ARCHIVE_TOO_LARGE'],
    [
      'as many in a header without an end',
      age(TO_SOMEBODY, 100_000).subarray(0, -60),
      'BUNDLE_ARCHIVE_TOO_LARGE',
    ],
    ['as many recipients as it may have', age(TO_SOMEBODY, 256), 'BUNDLE_NOT_OPENED'],
  ])('%s', async (_, bytes, code) => {
    await expect(decryptBundle(bytes, { identities: [IDENTITY] })).rejects.toMatchObject({ code });
  });

  test.each([
    ['two passphrases', age(BY_PASSPHRASE(18), 2)],
    ['a work factor that is no number', age(BY_PASSPHRASE(Number.NaN), 1)],
  ])('%s', async (_, bytes) => {
    await expect(decryptBundle(bytes, { passphrase: 'x' })).rejects.toMatchObject({
      code: 'BUNDLE_NOT_OPENED',
    });
  });

  test.each([19, 20, 22, 40])('a passphrase that costs scrypt 2^%d is refused unread', async (factor) => {
    await expect(decryptBundle(age(BY_PASSPHRASE(factor), 1), { passphrase: 'x' })).rejects.toMatchObject({
      code: 'BUNDLE_ARCHIVE_TOO_LARGE',
      message: expect.stringContaining(`2^${factor}`),
    });
  });

  test('more identities than a bundle has recipients', async () => {
    const identities = Array.from({ length: 257 }, () => IDENTITY);
    await expect(decryptBundle(age(TO_SOMEBODY, 1), { identities })).rejects.toMatchObject({
      code: 'BUNDLE_RECIPIENT_INVALID',
    });
  });

  test('an armored file of as many recipients', async () => {
    const base64 = age(TO_SOMEBODY, 257).toString('base64').replaceAll(/.{64}/g, '$&\n');
    const armored = `-----BEGIN AGE ENCRYPTED FILE-----\n${base64.trim()}\n-----END AGE ENCRYPTED FILE-----\n`;
    await expect(decryptBundle(Buffer.from(armored), { identities: [IDENTITY] })).rejects.toMatchObject({
      code: 'BUNDLE_ARCHIVE_TOO_LARGE',
    });
  });

  test('and so none is made for more', async () => {
    const recipient = await identityToRecipient(await generateX25519Identity());
    const recipients = Array.from({ length: 257 }, () => recipient);
    await expect(encryptBundle(Buffer.from('x'), { recipients })).rejects.toMatchObject({
      code: 'BUNDLE_RECIPIENT_INVALID',
      message: 'age cannot use more than 256 recipients for one bundle',
    });
    const most = await encryptBundle(Buffer.from('x'), { recipients: recipients.slice(1) });
    await expect(decryptBundle(most, { identities: [IDENTITY] })).rejects.toMatchObject({
      code: 'BUNDLE_NOT_OPENED',
    });
  });
});

/** A zip's list of entries alone, with as many as it says. */
function zipOf(count: number): Buffer {
  const central = Buffer.alloc(47, 'a');
  central.writeUInt32LE(0x02014b50, 0);
  central.fill(0, 8, 46).writeUInt16LE(1, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(central.length * count, 12);
  end.writeUInt32LE(2, 16);
  return Buffer.concat([Buffer.from('PK'), ...Array.from({ length: count }, () => central), end]);
}

/** A tar of empty entries of one type: `x` is a pax header. */
function tarOf(type: string, count: number): Buffer {
  const header = Buffer.from(writeTar([{ path: 'a', mode: 0o600, data: Buffer.alloc(0) }]).subarray(0, 512));
  header.write(type, 156);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, octet) => total + octet, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat(Array.from({ length: count }, () => header));
}

/** Nothing but zeros behind its end, ten megabytes of them. */
function padded(archive: Buffer): Buffer {
  const stored = gzipSync(Buffer.concat([archive, Buffer.alloc(100 * 1024)]), { level: 0 });
  return Buffer.concat([stored, gzipSync(Buffer.alloc(10 * MIB - archive.length - 101 * 1024))]);
}

function folderOf(contexts: number): Buffer {
  const host = 'tcp://node1:2376';
  const tls = {
    ca: Buffer.from(OURS.pem),
    certificate: Buffer.from(ALICE.certificate),
    key: Buffer.from(ALICE.key),
  };
  const shared = { description: '', skipTlsVerify: false, otherMetadata: {}, otherEndpoints: {} };
  const context = padded(packDockerContext({ name: 'n', host, tls, ...shared }));
  const files = { 'ca.pem': OURS.pem, 'cert.pem': ALICE.certificate, 'key.pem': ALICE.key };
  const named = Object.entries({
    ...files,
    'bundle.json': JSON.stringify({ client: 'alice', hosts: [host] }),
  });
  return writeTar([
    ...named.map(([path, text]) => ({ path, mode: 0o600, data: Buffer.from(text) })),
    ...Array.from({ length: contexts }, (_, at) => ({
      path: `${at}.dockercontext`,
      mode: 0o600,
      data: context,
    })),
  ]);
}

function bundleOf(ca: string): Buffer {
  return packBundle({ ca, certificate: ALICE.certificate, key: ALICE.key }, { layout: 'flat' });
}

describe('openBundle does not work for long', () => {
  const namesake = makeAuthority('our CA', 'ec-p256').pem;

  test.each([
    ['a zip of as many entries as it can name', zipOf(65_535), 'BUNDLE_ARCHIVE_TOO_LARGE'],
    ['a zip of one entry too many', zipOf(513), 'BUNDLE_ARCHIVE_TOO_LARGE'],
    [
      'a tar of as many entries as fit',
      gzipSync(tarOf('0', 20_000), { level: 1 }),
      'BUNDLE_ARCHIVE_TOO_LARGE',
    ],
    ['a tar of pax headers', gzipSync(tarOf('x', 20_000), { level: 1 }), 'BUNDLE_ENTRY_REFUSED'],
    [
      'half a million gzip files, one behind the other',
      Buffer.alloc(10 * MIB, gzipSync('')),
      'BUNDLE_ARCHIVE_INVALID',
    ],
    ['a bomb', gzipSync(Buffer.alloc(100 * MIB)), 'BUNDLE_ARCHIVE_TOO_LARGE'],
    ['a bomb without gzip', deflateRawSync(Buffer.alloc(100 * MIB)), 'BUNDLE_ARCHIVE_INVALID'],
    [
      'a CA file of one name ten thousand times',
      bundleOf(namesake.repeat(10_000)),
      'BUNDLE_CERTIFICATE_REFUSED',
    ],
  ])('%s', (_, bytes, code) => {
    expect(() => openBundle(bytes, { now: NOW })).toThrow(expect.objectContaining({ code }));
  });

  test('a CA that is the last of many of its name, and is found by its key identifier', () => {
    expect(openBundle(bundleOf(namesake.repeat(200) + OURS.pem), { now: NOW }).client).toBe('alice');
  });

  test('hundreds of megabytes in contexts', () => {
    expect(openBundle(folderOf(80), { now: NOW }).client).toBe('alice');
  });
});
