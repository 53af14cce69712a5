import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  applyDaemonConfig,
  parseDaemonConfig,
  planAuthorizationPlugin,
  planLiveRestore,
  readDaemonConfig,
  undoDaemonConfig,
} from '@docker-mtls/daemon-config';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { planUndo } from '../plan-undo.ts';
import type { UndoPlan } from '../plan-undo.ts';
import { forgetPlugin, refuseGonePlugin } from './forget-plugin.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const OLD = '{"debug": true}';

let config: string;
beforeEach(() => {
  config = path.join(temporaryFolder(), 'daemon.json');
  fs.writeFileSync(config, OLD);
});

const text = (): string => fs.readFileSync(config, 'utf8');
const document = (): ReturnType<typeof parseDaemonConfig> => parseDaemonConfig(readDaemonConfig(config));
const install = (): unknown =>
  applyDaemonConfig(config, planAuthorizationPlugin(document(), 'docker-mtls', true), { now: NOW });
const change = (): unknown => applyDaemonConfig(config, planLiveRestore(document()), { now: NOW });
const undo = (force: boolean): UndoPlan => planUndo({ config, folder: undefined, isRead: true, force });

describe('a plugin that is taken away', () => {
  test('leaves daemon.json as it was before, with the changes before it to undo', () => {
    change();
    const before = text();
    install();
    expect(forgetPlugin(config, NOW)).toBe(true);
    expect(text()).toBe(before);
    expect(undoDaemonConfig(config, { now: NOW })).toMatchObject({ outcome: 'restored' });
    expect(text()).toBe(OLD);
  });

  test('leaves later changes alone, and an undo of those does not bring it back', () => {
    install();
    change();
    expect(forgetPlugin(config, NOW)).toBe(true);
    expect(JSON.parse(text())).toEqual({ debug: true, 'authorization-plugins': [], 'live-restore': true });
    expect(() => undo(false)).toThrow(expect.objectContaining({ code: 'DAEMON_CONFIG_EDITED' }));
    const spec = path.join(path.dirname(config), 'spec');
    expect(() => refuseGonePlugin(undo(true), spec)).toThrow(
      expect.objectContaining({ code: 'HOST_PLUGIN_GONE' }),
    );
    fs.writeFileSync(spec, 'unix:///s\n');
    expect(() => refuseGonePlugin(undo(true), spec)).not.toThrow();
  });

  test('that was never there is no change', () => {
    expect(forgetPlugin(config, NOW)).toBe(false);
    expect(text()).toBe(OLD);
  });

  test('stays a link to where daemon.json is', () => {
    install();
    change();
    const target = `${config}.target`;
    fs.renameSync(config, target);
    fs.symlinkSync(target, config);
    expect(forgetPlugin(config, NOW)).toBe(true);
    expect(fs.lstatSync(config).isSymbolicLink()).toBe(true);
    expect(text()).not.toContain('docker-mtls');
  });
});

test('an undo over a file that somebody broke is no matter', () => {
  install();
  change();
  fs.writeFileSync(config, '{');
  expect(() => refuseGonePlugin(undo(true), '/nowhere')).toThrow(
    expect.objectContaining({ code: 'HOST_PLUGIN_GONE' }),
  );
  undoDaemonConfig(config, { now: NOW, force: true });
  fs.writeFileSync(config, '{');
  expect(() => refuseGonePlugin(undo(true), '/nowhere')).not.toThrow();
});

test('an undo of what the plugin had no part in is no matter', () => {
  install();
  change();
  expect(() => refuseGonePlugin(undo(false), '/nowhere')).not.toThrow();
});
