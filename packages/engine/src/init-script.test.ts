import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { refuseInitScript } from './init-script.ts';

const TEXT = '{"hosts": ["unix:///var/run/docker.sock"], "tlsverify": true, "tlscacert": "/c/ca.pem"}';

function refusal(
  manager: 'openrc' | 'sysvinit' | 'systemd' | undefined,
  files: Readonly<Record<string, string>>,
): unknown {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  try {
    refuseInitScript({ text: TEXT, manager, root });
    return undefined;
  } catch (error) {
    return error;
  }
}

test.each([
  ['sysvinit', '/etc/default/docker', 'DOCKER_OPTS="-H unix:///var/run/docker.sock --dns 8.8.8.8"', '--host'],
  ['sysvinit', '/etc/default/docker', "# old\nexport DOCKER_OPTS='-DH fd://'", '--host=fd://'],
  ['sysvinit', '/etc/sysconfig/docker', "OPTIONS='--tlscacert=/etc/pki/ca.pem'", '--tlscacert=/etc/pki'],
  ['openrc', '/etc/conf.d/docker', 'DOCKER_OPTS="--tlsverify"', 'started with --tlsverify,'],
] as const)('an init script of %s that reads %s with %s is named', (manager, file, text, says) => {
  const error = refusal(manager, { [file]: text });
  expect(error).toMatchObject({ code: 'HOST_FLAGS_CLASH', message: expect.stringContaining(says) });
});

test.each([
  ['a flag that daemon.json does not have', 'sysvinit', 'DOCKER_OPTS="--dns 8.8.8.8"'],
  ['a comment', 'sysvinit', '#DOCKER_OPTS="-H tcp://0.0.0.0:2375"'],
  ['a variable of another program', 'sysvinit', 'OTHER="-H fd://"'],
  ['a file that systemd does not read', 'systemd', 'DOCKER_OPTS="-H fd://"'],
  ['a machine that starts nothing', undefined, 'DOCKER_OPTS="-H fd://"'],
] as const)('nothing is refused for %s', (_, manager, text) => {
  expect(refusal(manager, { '/etc/default/docker': text })).toBeUndefined();
});
