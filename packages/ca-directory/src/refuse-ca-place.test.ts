import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { laidDown, makeTestCa, temporaryFolder } from '../testing/test-ca.ts';
import { refuseCaPlace } from './refuse-ca-place.ts';

const ca = makeTestCa();
let directory: string;

beforeEach(async () => {
  directory = await laidDown(ca);
});

const OWN = [
  '.',
  'registry.db',
  'registry.db-wal',
  'ca.pem',
  'crl.pem',
  'private/ca-key.pem',
  'servers',
  'clients/alice',
];

test.each(OWN)('%s is a place of the CA directory, also by way of a link', (name) => {
  const link = nodePath.join(temporaryFolder(), 'link');
  fs.symlinkSync(directory, link);
  const said = {
    code: 'OUT_EXISTS',
    message: expect.stringContaining(`a place of the CA directory ${fs.realpathSync(directory)}`),
  };
  expect(() => refuseCaPlace(nodePath.join(directory, name))).toThrow(expect.objectContaining(said));
  expect(() => refuseCaPlace(nodePath.join(link, name))).toThrow(expect.objectContaining(said));
});

test.each(['alice.tar.gz', 'serversx', 'out/clients', 'no/such/folder/registry.db', '../registry.db'])(
  '%s is none of them',
  (name) => {
    fs.mkdirSync(nodePath.join(directory, 'out'));
    expect(() => refuseCaPlace(nodePath.join(directory, name))).not.toThrow();
  },
);
