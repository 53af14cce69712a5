import { expect, test } from '@jest/globals';
import { hostFolderOf, parseHostFolder } from './host-folder.ts';
import type { Mount } from '@docker-mtls/engine';

const mount = (root: string): Mount => ({ device: '8:1', root, mountPoint: '/x', isReadOnly: false });
const FOUND = { certs: mount('/diamol-certs'), config: mount('/etc/docker'), hosts: undefined };
const NOT_FOUND = { ...FOUND, config: mount('/other') };
const folder = (named: string | undefined, folders = FOUND): ReturnType<typeof hostFolderOf> =>
  hostFolderOf({ env: { HOST_CERTS_DIR: named } }, folders);

test.each([undefined, ''])('without HOST_CERTS_DIR (%j), the mount table tells', (named) => {
  expect(folder(named)).toEqual({ path: '/diamol-certs' });
});

test('where it cannot, it asks', () => {
  expect(() => folder(undefined, NOT_FOUND)).toThrow(
    expect.objectContaining({
      code: 'CONTAINER_HOST_PATH',
      hint: expect.stringContaining('-e HOST_CERTS_DIR='),
    }),
  );
  expect(folder('/srv/certs', NOT_FOUND)).toEqual({ path: '/srv/certs' });
});

test('who names the folder is believed, and told what else was seen', () => {
  expect(folder('/diamol-certs/')).toEqual({ path: '/diamol-certs' });
  expect(folder('/certs')).toEqual({
    path: '/certs',
    warning: expect.stringMatching(/"\/certs".*"\/diamol-certs"/),
  });
});

test.each([
  'diamol-certs',
  './certs',
  '/',
  '//',
  '/a/../b',
  '/a//b',
  '/a/.',
  String.raw`C:\diamol-certs`,
  '~/certs',
  '/a\nb',
  '/a\u0000',
])('HOST_CERTS_DIR=%j is refused', (text) => {
  expect(() => parseHostFolder(text)).toThrow(
    expect.objectContaining({ code: 'CONTAINER_HOST_DIR_INVALID' }),
  );
});
