import { expect, test } from '@jest/globals';
import { testAuthority } from '../testing/test-authority.ts';
import type { PairOrder } from './issue-pair.ts';
import { issuePairs, plainClientOrder } from './issue-pairs.ts';
import type { IssuedOne, ManyPairs } from './issue-pairs.ts';

function clients(...names: readonly string[]): ManyPairs<string, IssuedOne> {
  return {
    wanted: names,
    orderOf: (name) => plainClientOrder({ name, groups: [] }),
    keep: (client) => client,
  };
}

function robotOrder(index: number): PairOrder {
  return { ...plainClientOrder({ name: `robot${index}`, groups: [] }), keyType: 'rsa-2048' };
}

test('a client that another command issued meanwhile keeps the pair of that command', async () => {
  const ca = await testAuthority();
  const issued = await ca.use(async (session) => {
    let isFirst = true;
    const late = {
      ...session,
      authority: async () => {
        if (isFirst) {
          isFirst = false;
          await issuePairs(session, clients('alice'));
        }
        return session.authority();
      },
    };
    return issuePairs(late, clients('alice', 'bob'));
  });
  expect(issued.map(({ name }) => name)).toEqual(['bob']);
  expect((await ca.current('client', 'bob')).serial).toBe(issued[0]?.certificate.info.serial);
  expect((await ca.current('client', 'alice')).status).toBe('current');
});

test('a long list in RSA reports progress after each batch', async () => {
  const ca = await testAuthority();
  const wanted = Array.from({ length: 26 }, (_, index) => index);
  await ca.use((session) => issuePairs(session, { wanted, orderOf: robotOrder, keep: ({ name }) => name }));
  const progress = ca.notes.filter(({ message }) => message.startsWith('issued'));
  expect(progress).toEqual([
    { kind: 'progress', message: 'issued 25 of 26…', part: { done: 25, of: 26 } },
    { kind: 'progress', message: 'issued 26 of 26…', part: { done: 26, of: 26 } },
  ]);
});
