import { expect, test } from '@jest/globals';
import { parseManagerEnvironment, parseSystemctlShow } from './systemctl-show.ts';

test('reads what systemctl shows of the packaged unit', () => {
  const output = `ExecStart={ path=/usr/sbin/dockerd ; argv[]=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS ; ignore_errors=no ; pid=0 }
EnvironmentFiles=/etc/default/docker (ignore_errors=yes)
EnvironmentFiles=/etc/sysconfig/docker (ignore_errors=no)
LoadState=loaded
FragmentPath=/lib/systemd/system/docker.service
DropInPaths=/etc/systemd/system/docker.service.d/10-a.conf "/etc/systemd/system/docker.service.d/b c.conf"
`;
  expect(parseSystemctlShow(output)).toMatchObject({
    loadState: 'loaded',
    fragmentPath: '/lib/systemd/system/docker.service',
    dropInPaths: [
      '/etc/systemd/system/docker.service.d/10-a.conf',
      '/etc/systemd/system/docker.service.d/b c.conf',
    ],
  });
});

test('reads what systemctl shows of a unit that is not there', () => {
  expect(parseSystemctlShow('LoadState=not-found\nFragmentPath=\nDropInPaths=\n')).toMatchObject({
    loadState: 'not-found',
    fragmentPath: undefined,
    dropInPaths: [],
  });
});

test("reads a service manager's environment, quoted values included", () => {
  const output = "HOME=/home/dan\nA=$'x y\\'z'\nB=a=b\nnonsense\nEMPTY=\n";
  expect([...parseManagerEnvironment(output)]).toEqual([
    ['HOME', '/home/dan'],
    ['A', "x y'z"],
    ['B', 'a=b'],
    ['EMPTY', ''],
  ]);
});
