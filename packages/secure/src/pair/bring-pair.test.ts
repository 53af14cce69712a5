import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { NOW, testAuthority } from '../../../authority/testing/test-authority.ts';
import { bringPair } from './bring-pair.ts';
import { copyPair, pairOf } from './copy-pair.ts';

test('a pair that is brought to a copy keeps the mode that an administrator has given its key', async () => {
  const ca = await testAuthority();
  const out = path.join(ca.folder, 'out');
  const key = path.join(out, 'server-key.pem');
  await ca.issue({ kind: 'server', name: 'node1' });
  copyPair(out, pairOf(await ca.current('server', 'node1')), { force: false, now: NOW });
  fs.chmodSync(key, 0o640);
  const before = fs.readFileSync(key);
  await ca.issue({ kind: 'server', name: 'node1', force: true });
  const [authority, certificate] = ['ca.pem', 'server-cert.pem'].map((name) => path.join(out, name));
  const engine = { ca: String(authority), certificate: String(certificate), key };
  bringPair(await ca.current('server', 'node1'), engine, NOW);
  expect(fs.readFileSync(key)).not.toEqual(before);
  expect(fs.statSync(key).mode & 0o7777).toBe(0o640);
  expect(fs.statSync(engine.certificate).mode & 0o7777).toBe(0o644);
  expect(fs.readFileSync(engine.certificate)).toEqual(
    (await ca.current('server', 'node1')).read().certificate,
  );
});
