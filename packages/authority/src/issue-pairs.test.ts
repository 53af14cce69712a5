import { expect, test } from '@jest/globals';
import { testAuthority } from '../testing/test-authority.ts';
import { issuePairs, plainClientOrder } from './issue-pairs.ts';

test('a client that another command issued meanwhile keeps the pair of that command', async () => {
  const ca = await testAuthority();
  const orders = ['alice', 'bob'].map((name) => plainClientOrder({ name, groups: [] }));
  const issued = await ca.use(async (session) => {
    let isFirst = true;
    const late = {
      ...session,
      authority: async () => {
        if (isFirst) {
          isFirst = false;
          await issuePairs(session, orders.slice(0, 1), (client) => client);
        }
        return session.authority();
      },
    };
    return issuePairs(late, orders, (client) => client);
  });
  expect(issued.map(({ name }) => name)).toEqual(['bob']);
  expect((await ca.current('client', 'bob')).serial).toBe(issued[0]?.certificate.info.serial);
  expect((await ca.current('client', 'alice')).status).toBe('current');
});

test('a long list in RSA reports progress after each batch', async () => {
  const ca = await testAuthority();
  const orders = Array.from({ length: 26 }, (_, index) => ({
    ...plainClientOrder({ name: `robot${index}`, groups: [] }),
    keyType: 'rsa-2048' as const,
  }));
  await ca.use((session) => issuePairs(session, orders, (client) => client));
  const progress = ca.notes.filter(({ message }) => message.startsWith('issued'));
  expect(progress).toEqual([
    { kind: 'progress', message: 'issued 25 of 26…', part: { done: 25, of: 26 } },
    { kind: 'progress', message: 'issued 26 of 26…', part: { done: 26, of: 26 } },
  ]);
});
