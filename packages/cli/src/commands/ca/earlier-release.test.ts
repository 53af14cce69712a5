import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Connection } from '@docker-mtls/registry';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../../test/support/temp.ts';
import { treeOf } from '../../../../../test/support/tree.ts';
import { fakeIo } from '../../../testing/fake-io.ts';
import { main } from '../../main.ts';

/** A CA directory of the first release: packages/ca-directory/testing/README.md. */
function earlierCa(): { readonly folder: string; readonly run: (line: string) => ReturnType<typeof main> } {
  const folder = temporaryFolder();
  const archive = path.join(import.meta.dirname, '../../../../ca-directory/testing/ca-of-schema-1.tar.gz');
  spawnSync('tar', ['-xzpf', archive, '--no-same-owner', '-C', folder]);
  const env = { DOCKER_MTLS_CA_DIR: path.join(folder, 'ca') };
  const io = fakeIo({ cwd: folder, env, now: () => new Date('2027-01-01T00:00:00Z') });
  return { folder, run: (line) => main(line.split(' '), io) };
}

test.each([
  'list --all',
  'show bob',
  'ca log',
  'ca check',
  'crl show',
  'ca rotate status',
  'ca rotate prepare --dry-run',
  'renew --due --dry-run',
])('%s reads a CA directory of the first release, and changes nothing', async (line) => {
  const { folder, run } = earlierCa();
  const before = treeOf(folder);
  expect(await run(line)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(treeOf(folder)).toEqual(before);
});

test('all that a CA can do is done to one of the first release', async () => {
  const { run } = earlierCa();
  for (const line of [
    'ca backup before --plaintext',
    'crl',
    'revoke bob --yes',
    'crl -o newest.pem',
    'ca renew',
    'ca rotate prepare',
    'ca rotate switch',
    'renew --all',
    'ca rotate retire alice node1',
    'issue-client carol',
    'ca repair',
    'ca check',
    'ca log verify',
    'ca restore before --ca-dir restored --crl newest.pem',
    'ca check --ca-dir restored',
  ]) {
    const { exitCode, stderr, stdout } = await run(line);
    expect({ line, exitCode, stderr, stdout }).toMatchObject({ line, exitCode: 0 });
  }
});

test('a registry of a newer schema is refused, by what reads and by what writes', async () => {
  const { folder, run } = earlierCa();
  const registry = new Connection(path.join(folder, 'ca/registry.db'));
  registry.execute('PRAGMA user_version = 99');
  registry.close();
  for (const line of ['list', 'issue-client carol', 'ca renew', 'ca backup b --plaintext'])
    expect(await run(line)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('schema 99') });
  expect(await run('ca check')).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('DM205') });
});
