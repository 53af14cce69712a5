import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { testAuthority } from '../../../authority/testing/test-authority.ts';
import type { TestAuthority } from '../../../authority/testing/test-authority.ts';
import { findHolders } from './install-authorization.ts';
import type { Holders } from './install-authorization.ts';

let ca: TestAuthority;
beforeEach(async () => {
  ca = await testAuthority();
  for (const name of ['alice', 'bob', 'carol']) await ca.issue({ kind: 'client', name });
});

function find(...admins: readonly string[]): Promise<Holders> {
  return ca.use((session) => findHolders(session, admins));
}

describe('who has a valid certificate', () => {
  test('is an administrator, or somebody else', async () => {
    expect(await find('bob')).toMatchObject({
      admins: ['bob'],
      administrator: { name: 'bob' },
      others: ['alice', 'carol'],
    });
  });

  test('shows that it works with a key that is here', async () => {
    fs.rmSync(path.join(ca.directory, 'clients/alice'), { recursive: true });
    expect(await find('alice', 'bob')).toMatchObject({ administrator: { name: 'bob' } });
    await expect(find('alice')).rejects.toMatchObject({ code: 'CLIENT_MISSING' });
  });

  test('has been issued one', async () => {
    await expect(find('alice', 'dave')).rejects.toMatchObject({ code: 'CLIENT_MISSING' });
  });
});
