import fs from 'node:fs';
import path from 'node:path';
import { createCrl, generateKeyPair, KEY_TYPES, type KeyType } from '@docker-mtls/ca';
import { days, issuePair, makeAuthority } from '../support/test-ca.ts';
import { temporaryFolder } from '../support/temp.ts';

/** One CA with all that it issues, as files; every profile with one type of key. */
export type Chain = {
  readonly keyType: KeyType;
  readonly folder: string;
  readonly ca: string;
  readonly server: string;
  readonly clients: readonly string[];
  /** Without an entry, and with some. */
  readonly crls: readonly string[];
};

/** Names that a judge may trip over: the longest, and letters beyond ASCII. */
const CA_NAME = 'Zürich Würzburg Łódź 東京 CA';
const CLIENTS = [
  { name: 'alice', groups: ['operators'] },
  { name: 'Åse.Ørsted@example.com', groups: ['Прод', 'ci'] },
  { name: 'a'.repeat(64), groups: ['g'.repeat(64)] },
  { name: 'ü'.repeat(64), groups: [] },
] as const;

/** What the server is called: each kind of address, an internationalised name and a wildcard. */
export const SERVER_NAMES = [
  'node1.example.com',
  'localhost',
  'bücher.example',
  '*.build.example.com',
] as const;
export const SERVER_ADDRESSES = ['127.0.0.1', '10.255.0.1', '::1', '2001:db8::5'] as const;

/** Makes a chain for every type of key; slow ones (RSA 4096) are why this happens once. */
export function makeChains(): readonly Chain[] {
  return KEY_TYPES.map((keyType) => makeChain(keyType));
}

function makeChain(keyType: KeyType): Chain {
  const folder = temporaryFolder();
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text);
    return file;
  };
  const { authority, pem } = makeAuthority(CA_NAME, keyType);
  // One key for all leaves: RSA keys are slow to make.
  const keyPair = generateKeyPair(keyType);
  const sans = [...SERVER_NAMES, ...SERVER_ADDRESSES];
  const server = issuePair(authority, 'server', { name: SERVER_NAMES[0], sans, keyPair });
  const clients = CLIENTS.map((order) => issuePair(authority, 'client', { ...order, keyPair }));
  const { notBefore, notAfter } = days(0, 7);
  const list = { number: 1n, thisUpdate: notBefore, nextUpdate: notAfter };
  const revoked = [
    { serial: '0a1b2c3d4e5f60718293a4b5c6d7e8f9', revokedAt: notBefore },
    { serial: '1a1b2c3d4e5f60718293a4b5c6d7e8f9', revokedAt: notBefore, reason: 'keyCompromise' },
  ] as const;
  return {
    keyType,
    folder,
    ca: write('ca.pem', pem),
    server: write('server.pem', server.certificate),
    clients: clients.map((client, index) => write(`client-${index}.pem`, client.certificate)),
    crls: [
      write('empty.crl', createCrl(authority, { ...list, revoked: [] }).pem),
      write('crl.pem', createCrl(authority, { ...list, number: 2n, revoked }).pem),
    ],
  };
}
