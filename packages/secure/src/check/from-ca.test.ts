import path from 'node:path';
import { locateEngine } from '@docker-mtls/engine';
import { expect, test } from '@jest/globals';
import { NOW, testAuthority } from '../../../authority/testing/test-authority.ts';
import { subjectsFromCa } from './from-ca.ts';

test('the address that was named is asked first, and once', async () => {
  const ca = await testAuthority();
  const sans = ['127.0.0.1', '127.0.0.2'].map((value) => ({ kind: 'ip', value }) as const);
  await ca.issue({ kind: 'server', name: '127.0.0.1', sans });
  await ca.issue({ kind: 'client', name: 'alice' });
  const config = path.join(ca.folder, 'daemon.json');
  const found = await ca.use(({ reader }) =>
    subjectsFromCa({
      reader,
      now: NOW,
      own: [],
      engine: locateEngine({ config }, { env: {}, platform: 'linux', uid: 0 }),
      serving: { engines: [], unreadable: [] },
      host: { name: '127.0.0.2', port: 2376 },
    }),
  );
  const asked = (found?.subjects ?? []).flatMap(({ places }) => places.map(({ target }) => target.host));
  expect(asked).toEqual(['127.0.0.2', '127.0.0.1']);
});
