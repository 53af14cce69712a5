import { hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createCrl } from '@docker-mtls/ca';
import { searchPath } from '../../../../test/support/run.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { makeAuthority } from '../../../../test/support/test-ca.ts';
import { awaitDenials } from './await-denials.ts';

const TO = 'ssh://node1/etc/docker-mtls/docker/crl.pem';

/** An ssh that logs in, and prints these answers one after another, the last one for ever. */
function sshThatAnswers(...answers: readonly unknown[]): { readonly PATH: string } {
  const folder = temporaryFolder();
  answers.forEach((each, index) => fs.writeFileSync(path.join(folder, `${index}`), JSON.stringify(each)));
  const lines = [
    '#!/bin/sh',
    'echo "Authenticated to node1" >&2',
    `cd ${folder}`,
    'cat "$(ls | grep "^[0-9]" | head -n 1)"',
    '[ "$(ls | grep -c "^[0-9]")" -eq 1 ] || rm "$(ls | grep "^[0-9]" | head -n 1)"',
  ];
  fs.writeFileSync(path.join(folder, 'ssh'), `${lines.join('\n')}\n`, { mode: 0o755 });
  return { PATH: `${folder}:${searchPath()}` };
}

test('what is no list in the answer of another host is passed over, and the list is waited for', async () => {
  const directory = temporaryFolder();
  const { authority } = makeAuthority('Test CA', 'ec-p256');
  const now = new Date();
  const { pem, der } = createCrl(authority, {
    number: 1n,
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + 60_000),
    revoked: [],
  });
  fs.writeFileSync(path.join(directory, 'crl.pem'), pem);
  const env = sshThatAnswers(
    null,
    7,
    { lists: 'x' },
    { lists: [null, 1, [], {}] },
    { lists: [null, { sha256: hash('sha256', der, 'hex') }] },
  );
  const ask = (): ReturnType<typeof awaitDenials> =>
    awaitDenials([{ to: TO }], { directory, begun: performance.now() }, env);
  for (const _ of [1, 2, 3])
    expect(await ask()).toEqual([{ to: TO, unconfirmed: expect.stringContaining('authz status') }]);
  expect(await ask()).toEqual([{ to: TO, deniedAfter: expect.any(Number) }]);
});
