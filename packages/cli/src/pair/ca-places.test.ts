import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { treeOf } from '../../../../test/support/tree.ts';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(
    ['issue-client', 'alice'],
    ['issue-client', 'bob'],
    ['issue-server', 'node1'],
    ['bundle', 'alice'],
  );
});

test.each([
  'bundle alice -o ca/registry.db',
  'bundle alice -o ca/private/ca-key.pem',
  'bundle alice -o ca/clients/bob/key.pem',
  'issue-server node2 --out ca/servers/node1',
  'issue-server node2 --out ca',
  'issue-client carol --out ca/clients/alice',
  'unbundle alice.tar.gz --out ca',
  'unbundle alice.tar.gz --out ca/clients/bob',
])('%s replaces nothing of the CA directory, even with --force', async (words) => {
  const before = treeOf(ca.folder);
  expect(await ca.run(...words.split(' '), '--force')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('is a place of the CA directory'),
  });
  expect(treeOf(ca.folder)).toEqual(before);
});

test('a bundle beside its files is replaced as anywhere', async () => {
  fs.writeFileSync(path.join(ca.folder, 'ca/alice.tar.gz'), 'x');
  expect(await ca.run('bundle', 'alice', '-o', 'ca/alice.tar.gz', '--force')).toMatchObject({ exitCode: 0 });
});
