import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { asOrdinaryUser } from '../../../../test/support/as-ordinary-user.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { args, fakeIo } from '../../testing/fake-io.ts';
import { withCliSession } from './session.ts';
// What it loads late: its files need not be readable by others.
import '../engine/engine-order.ts';

function opening(words: Readonly<Record<string, unknown>>): Promise<unknown> {
  const folder = temporaryFolder();
  fs.chmodSync(folder, 0o755);
  const directory = path.join(folder, 'ca');

  const io = fakeIo({ platform: 'linux', uid: 65_534 });
  return asOrdinaryUser(() =>
    withCliSession(args({ 'ca-dir': directory, ...words }), io, async () => 'open'),
  );
}

describe('where there is no CA', () => {
  test('an ordinary user who is to change the engine of the machine has to be root first', async () => {
    await expect(opening({ apply: true })).rejects.toMatchObject({ code: 'HOST_NEEDS_ROOT' });
  });

  test.each([{}, { apply: true, 'dry-run': true }])('%j is told so', async (words) => {
    await expect(opening(words)).rejects.toMatchObject({ code: 'CA_DIRECTORY_NOT_FOUND' });
  });
});
