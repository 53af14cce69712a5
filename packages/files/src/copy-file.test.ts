import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../test/support/describe-needing.ts';
import { makeFolder, modeOf } from '../testing/folder.ts';
import { copyFile, publishGeneration } from './index.ts';

let folder: string;
const at = (name: string): string => nodePath.join(folder, name);

beforeEach(() => {
  folder = makeFolder();
});

test('a copy has the content, and those of the permissions that are wanted', () => {
  fs.writeFileSync(at('old'), 'x', { mode: 0o640 });
  expect(copyFile(at('old'), at('copy'), 0o604)).toBe(true);
  expect([fs.readFileSync(at('copy'), 'utf8'), modeOf(at('copy'))]).toEqual(['x', 0o600]);
});

test('a link of the user at work is followed', () => {
  fs.writeFileSync(at('file'), 'x');
  fs.symlinkSync('file', at('link'));
  expect(copyFile(at('link'), at('copy'), 0o600)).toBe(true);
  expect(fs.readFileSync(at('copy'), 'utf8')).toBe('x');
});

test('without a file, or where a link leads nowhere, there is no copy', () => {
  fs.symlinkSync('gone', at('link'));
  expect([copyFile(at('gone'), at('copy'), 0o600), copyFile(at('link'), at('copy'), 0o600)]).toEqual([
    false,
    false,
  ]);
  expect(fs.readdirSync(folder)).toEqual(['link']);
});

describeNeeding(['root'], "root in another user's folder", () => {
  const UID = 4242;
  const NAMES = ['key.pem', 'ca.pem', 'cert.pem'];
  let secret: string;

  beforeEach(() => {
    secret = nodePath.join(makeFolder(), 'secret');
    fs.writeFileSync(secret, 'of root', { mode: 0o644 });
    fs.chownSync(folder, UID, UID);
  });

  const plant = (name: string, target: string): void => {
    fs.symlinkSync(target, at(name));
    fs.lchownSync(at(name), UID, UID);
  };

  test('copies nothing that a link of that user leads to', () => {
    plant('cert.pem', secret);
    expect(copyFile(at('cert.pem'), at('copy'), 0o644)).toBe(false);
    expect(fs.readdirSync(folder)).toEqual(['cert.pem']);
  });

  test('copies a file with its owner', () => {
    fs.writeFileSync(at('old'), 'x', { mode: 0o600 });
    fs.chownSync(at('old'), UID, UID + 1);
    copyFile(at('old'), at('copy'), 0o644);
    expect(fs.statSync(at('copy'))).toMatchObject({ uid: UID, gid: UID + 1 });
  });

  test.each([
    ['each file', () => NAMES.forEach((name) => plant(name, secret))],
    [
      'the generation in force',
      () => {
        for (const name of NAMES) {
          fs.copyFileSync(secret, nodePath.join(nodePath.dirname(secret), name));
          plant(name, `.current/${name}`);
        }
        plant('.current', nodePath.dirname(secret));
        fs.rmSync(at('ca.pem'));
        fs.writeFileSync(at('ca.pem'), 'plain');
        fs.chownSync(at('ca.pem'), UID, UID);
      },
    ],
  ])('publishes there without a copy of what a link in the place of %s leads to', (_, attack) => {
    attack();
    publishGeneration(
      folder,
      NAMES,
      NAMES.map((name) => ({ name, data: 'new', mode: name === 'key.pem' ? 0o600 : 0o644 })),
    );
    const files = fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map(at)
      .filter((file) => fs.lstatSync(file).isFile());
    expect(files.filter((file) => fs.readFileSync(file, 'utf8') === 'of root')).toEqual([]);
    expect(files.map((file) => fs.lstatSync(file).uid)).toEqual(files.map(() => UID));
    expect(NAMES.map((name) => fs.readFileSync(at(name), 'utf8'))).toEqual(['new', 'new', 'new']);
  });
});
