import fs from 'node:fs';
import path from 'node:path';
import { accountOf } from '@docker-mtls/engine/timer';
import { expect, test } from '@jest/globals';
import { testAuthority } from '../../../authority/testing/test-authority.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { planRenewalTimer } from './plan-timer.ts';
import type { TimerOrder } from './plan-timer.ts';

const ORDER: Omit<TimerOrder, 'directory'> = {
  program: ['/usr/bin/docker-mtls'],
  programFiles: ['/usr/bin/env'],
  options: ['--keep-key'],
  hook: undefined,
  appliesToEngine: false,
  passphraseFile: undefined,
  unlock: () => Promise.reject(new Error('nothing is encrypted')),
};

test('a timer runs as the owner of its CA directory', async () => {
  const { directory } = await testAuthority();
  const { name } = accountOf(process.getuid?.() ?? 0);
  expect(await planRenewalTimer({ ...ORDER, directory })).toMatchObject({
    caDirectory: directory,
    user: name,
    program: ORDER.program,
    options: ORDER.options,
    passphrase: undefined,
  });
});

test('a program that others can change is not run by a timer', async () => {
  const { directory } = await testAuthority();
  const folder = temporaryFolder();
  fs.chmodSync(folder, 0o777);
  const order = { ...ORDER, directory, programFiles: [path.join(folder, 'docker-mtls')] };
  await expect(planRenewalTimer(order)).rejects.toMatchObject({ code: 'FILE_UNSAFE' });
});

test('an encrypted CA key needs its passphrase in a file', async () => {
  const { directory } = await testAuthority('correct horse');
  const refused = planRenewalTimer({ ...ORDER, directory });
  await expect(refused).rejects.toMatchObject({ code: 'TIMER_NEEDS_PASSPHRASE' });
});
