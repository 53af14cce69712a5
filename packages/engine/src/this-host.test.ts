import path from 'node:path';
import { expect, test } from '@jest/globals';
import { asOrdinaryUser } from '../../../test/support/as-ordinary-user.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { locateEngine } from './local-engine.ts';
import { requireRoot } from './this-host.ts';

const MACHINE = { env: {}, platform: 'linux', uid: 65_534 } as const;
const NO_SERVICES = { manager: undefined, running: [] };

test("an ordinary user is told that this machine's engine takes root, wherever no systemd asks for it", async () => {
  const usual = locateEngine({}, { ...MACHINE, uid: 0 }, NO_SERVICES);
  await asOrdinaryUser(() => {
    expect(() => requireRoot(usual)).toThrow(expect.objectContaining({ code: 'HOST_NEEDS_ROOT' }));
  });
});

test('a daemon.json that was named is for any user who may write it', async () => {
  const config = path.join(temporaryFolder(), 'none', 'daemon.json');
  const named = locateEngine({ config }, MACHINE, NO_SERVICES);
  await asOrdinaryUser(() => expect(() => requireRoot(named)).not.toThrow());
});
