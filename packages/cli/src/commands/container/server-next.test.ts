import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { expect, test } from '@jest/globals';
import { serverNext } from './server-next.ts';

/** What the printed commands make of a unit. */
function dropInFor(unit: string): string {
  const [, script = ''] =
    /systemctl cat docker\.service \| (sed .*) > /.exec(serverNext('/certs', true)) ?? [];
  return execFileSync('sh', ['-c', script], { input: unit, encoding: 'utf8' });
}

const CONTAINERD = '--containerd=/run/containerd/containerd.sock';

test.each([
  ['in one line', `ExecStart=/usr/bin/dockerd -H fd:// ${CONTAINERD}\nExecReload=x\n`],
  ['in several', `ExecStart=/usr/bin/dockerd \\\n  -H fd:// \\\n  ${CONTAINERD}\nExecReload=x\n`],
  [
    'with other spellings',
    `ExecStart=/usr/bin/dockerd --host=fd:// -H=tcp://a:1 -Hunix:///b ${CONTAINERD}\n`,
  ],
])('the printed commands keep all of a command %s but its hosts', (_how, service) => {
  const lines = dropInFor(`[Service]\nType=notify\n${service}`).split('\n');
  expect(lines.slice(0, 2)).toEqual(['[Service]', 'ExecStart=']);
  expect(lines[2]?.split(/\s+/)).toEqual(['ExecStart=/usr/bin/dockerd', CONTAINERD]);
  expect(lines.slice(3)).toEqual(['']);
});

test('the page on a CA elsewhere has the same command', () => {
  const page = fs.readFileSync(new URL('../../../../../docs/ca-elsewhere.md', import.meta.url), 'utf8');
  const [command = 'none'] = /systemctl cat .* > .*/u.exec(serverNext('/certs', true)) ?? [];
  expect(page).toContain(`# ${command}\n`);
});
