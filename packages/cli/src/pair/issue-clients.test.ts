import { expect, test } from '@jest/globals';
import { args } from '../../testing/fake-io.ts';
import { makeTestCa } from '../../testing/make-ca.ts';
import { issueClients, plainClientOrder } from './issue-clients.ts';
import { withSession } from '../ca/session.ts';

test('whoever another command was quicker with keeps the pair of that', async () => {
  const ca = await makeTestCa();
  const orders = ['alice', 'bob'].map((name) => plainClientOrder({ name, groups: [] }));
  const issued = await withSession(args(), ca.io, async (session) => {
    let isFirst = true;
    const late = {
      ...session,
      authority: async () => {
        if (isFirst) {
          isFirst = false;
          await issueClients(session, orders.slice(0, 1));
        }
        return session.authority();
      },
    };
    return issueClients(late, orders);
  });
  expect(issued.map(({ name }) => name)).toEqual(['bob']);
  expect(ca.current('client', 'bob').serial).toBe(issued[0]?.certificate.info.serial);
  expect(ca.current('client', 'alice').status).toBe('current');
});
