import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';

describe('a pair that takes the place of another', () => {
  let ca: TestCa;
  beforeAll(async () => {
    const server = ['issue-server', 'node1', '--san', '10.0.0.5', '--san', 'node1.example.com'];
    ca = await makeTestCa(server, ['issue-client', 'alice', '--group', 'ops']);
  });

  test('is reported with the names that are gone', async () => {
    const { stdout } = await ca.run('issue-server', 'node1', '--san', 'node1.example.com', '--force');
    expect(stdout).toContain('  no longer    IP:10.0.0.5, which the one before had\n');
    expect(stdout).toMatch(/^next: docker-mtls daemon-config --server node1, and restart the engine/m);
  });

  test('and with the groups, for programs too', async () => {
    const { stdout } = await ca.run('issue-client', 'alice', '--group', 'dev', '--force', '--json');
    expect(JSON.parse(stdout as string)).toMatchObject({ subject: 'CN=alice, OU=dev', lost: ['OU=ops'] });
  });

  test('says nothing of it where none is gone, as a first pair does', async () => {
    const again = await ca.run('issue-client', 'alice', '--group', 'dev', '--group', 'qa', '--force');
    const first = await ca.run('issue-client', 'bob');
    expect(`${again.stdout}${first.stdout}`).not.toContain('no longer');
  });
});
