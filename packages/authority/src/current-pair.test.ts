import { expect, test } from '@jest/globals';
import { readStore } from '@docker-mtls/ca-directory';
import { testAuthority } from '../testing/test-authority.ts';
import { requireCurrent } from './current-pair.ts';

test('a pair that another command issues between two looks is not taken for one that never was', async () => {
  const ca = await testAuthority();
  const reader = await readStore(ca.directory);
  const late = Object.assign(Object.create(reader) as typeof reader, {
    entries: async (filter: Parameters<typeof reader.entries>[0]) => {
      await ca.issue({ kind: 'client', name: 'alice' });
      return reader.entries(filter);
    },
  });
  expect(await requireCurrent(late, 'client', 'alice')).toMatchObject({ name: 'alice' });
  await reader.close();
});
