import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { packFolder, parseEngineHost } from '@docker-mtls/bundle';
import { joinKey, openBundle } from '@docker-mtls/bundle/open';
import type { WholeBundle } from '@docker-mtls/bundle/open';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { issuePair, makeAuthority } from '../../../../test/support/test-ca.ts';
import { ownUnpacked, placeBundle, planFolder, requireUnpacked } from '../index.ts';

const CA = makeAuthority('our CA', 'ec-p256');
const NOW = new Date();
const HOST = parseEngineHost('node1');

/** A bundle of alice, with a pair of its own. */
function bundleOf(ca = CA): WholeBundle {
  const files = { ca: ca.pem, ...issuePair(ca.authority, 'client', { name: 'alice' }) };
  const archive = packFolder({ client: 'alice', files, hosts: [HOST] }, { format: 'zip' });
  return joinKey(openBundle(archive, { now: 'any' }), undefined);
}

let folder: string;
beforeEach(() => {
  folder = path.join(temporaryFolder(), 'alice');
});

function place(bundle: WholeBundle, force = false): { step: string; setAside: string | undefined } {
  const planned = planFolder(folder, bundle, { hosts: [HOST], force, now: NOW });
  return { step: planned.step, setAside: placeBundle(planned) };
}

describe('the folder of a bundle', () => {
  test('is made, with a key for its owner alone, and tells its engine', () => {
    expect(place(bundleOf())).toEqual({ step: 'make', setAside: undefined });
    expect(fs.statSync(path.join(folder, 'key.pem')).mode & 0o777).toBe(0o600);
    expect(requireUnpacked(folder)).toEqual({ folder, host: HOST.url });
  });

  test('stays as it is with the same in it', () => {
    const bundle = bundleOf();
    place(bundle);
    expect(place(bundle)).toEqual({ step: 'keep', setAside: undefined });
  });

  test('gives way to a newer bundle of the same client and CA, not to another CA', () => {
    place(bundleOf());
    expect(place(bundleOf()).step).toBe('refresh');
    const other = bundleOf(makeAuthority('another CA', 'ec-p256'));
    expect(() => place(other)).toThrow(expect.objectContaining({ code: 'OUT_EXISTS' }));
    expect(place(other, true).step).toBe('replace');
  });

  test('with a file of somebody is kept aside, and only where that is asked for', () => {
    place(bundleOf());
    fs.writeFileSync(path.join(folder, 'notes'), 'mine');
    const newer = bundleOf();
    expect(() => place(newer)).toThrow(expect.objectContaining({ code: 'OUT_EXISTS' }));
    const { setAside = '' } = place(newer, true);
    expect(fs.readFileSync(path.join(setAside, 'notes'), 'utf8')).toBe('mine');
  });
});

test('a folder that somebody else could change is not taken for an unpacked bundle', () => {
  place(bundleOf());
  const uid = process.getuid?.();
  expect(ownUnpacked(folder, uid)).toEqual({ folder, host: HOST.url });
  expect(ownUnpacked(folder, (uid ?? 0) + 1)).toBeUndefined();
  fs.chmodSync(folder, 0o770);
  expect(ownUnpacked(folder, uid)).toBeUndefined();
  expect(ownUnpacked(path.dirname(folder), uid)).toBeUndefined();
});
