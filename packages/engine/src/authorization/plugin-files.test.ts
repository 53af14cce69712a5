import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { placePluginFiles, removePluginFiles } from './plugin-files.ts';
import type { PluginHost } from './plugin-files.ts';
import { PACKAGED_SERVICE, pluginUnits } from './plugin-units.ts';

let host: PluginHost;
beforeEach(() => {
  const folder = temporaryFolder();
  const [units, packaged] = ['etc', 'lib'].map((name) => path.join(folder, name)) as [string, string];
  for (const each of [units, packaged]) fs.mkdirSync(each);
  host = { units, packaged, spec: path.join(folder, 'plugins/docker-mtls.spec') };
});

/** A package brings the units. */
function unpack(): void {
  for (const [name, text] of pluginUnits(PACKAGED_SERVICE))
    fs.writeFileSync(path.join(host.packaged, name), text);
}

const UNITS = ['docker-mtls-authz.service', 'docker-mtls-authz.socket'];
const FROM_NPM = { ...PACKAGED_SERVICE, program: ['/usr/bin/node', '/usr/lib/node_modules/docker-mtls'] };

test('units of a package that say the same are used, also in place of those that were written before', () => {
  placePluginFiles(PACKAGED_SERVICE, host);
  expect(fs.readdirSync(host.units)).toEqual(UNITS);
  unpack();
  placePluginFiles(PACKAGED_SERVICE, host);
  expect(fs.readdirSync(host.units)).toEqual([]);
  removePluginFiles(host);
  expect(fs.readdirSync(host.packaged)).toEqual(UNITS);
  expect(fs.existsSync(host.spec)).toBe(false);
});

test('a unit that says something else than that of a package is written, and removed again', () => {
  unpack();
  placePluginFiles(FROM_NPM, host);
  expect(fs.readdirSync(host.units)).toEqual(['docker-mtls-authz.service']);
  expect(fs.readFileSync(path.join(host.units, 'docker-mtls-authz.service'), 'utf8')).toMatch(
    /^# Written by docker-mtls authz install\n[^]*\nExecStart=\/usr\/bin\/node /,
  );
  removePluginFiles(host);
  expect(fs.readdirSync(host.units)).toEqual([]);
});

test.each([false, true])('a unit that somebody else wrote stays: with a package, %s', (isPackaged) => {
  if (isPackaged) unpack();
  const own = path.join(host.units, 'docker-mtls-authz.socket');
  fs.writeFileSync(own, '[Socket]\n');
  expect(() => placePluginFiles(PACKAGED_SERVICE, host)).toThrow(
    expect.objectContaining({ code: 'HOST_PLUGIN_TAKEN' }),
  );
  removePluginFiles(host);
  expect(fs.readFileSync(own, 'utf8')).toBe('[Socket]\n');
});
