import { expect, test } from '@jest/globals';
import { connectionProblem } from './connection-problem.ts';
import { parseSshHost } from './ssh-host.ts';
import { readSshLog } from './ssh-log.ts';
import type { SshTarget } from './target.ts';

const TARGET: SshTarget = {
  host: parseSshHost('alice@node1'),
  configuration: {
    user: 'alice',
    hostName: '2001:db8::5',
    port: '22',
    via: undefined,
    takesNewHostKeys: false,
  },
};

// What a real sshd on a loopback address can show is in check-ssh.test.ts; this wants other networks and systems.
test.each([
  ['No route to host', 'unreachable', 'no way to [2001:db8::5]:22: No route to host'],
  ['Network is unreachable', 'unreachable', 'Network is unreachable'],
  ['Connection timed out', 'connection-timeout', '[2001:db8::5]:22 gave no answer in time'],
  ['Operation timed out', 'connection-timeout', 'gave no answer in time'],
])("ssh's %s is %s", (reason, problem, says) => {
  const line = `ssh: connect to host 2001:db8::5 port 22: ${reason}`;
  for (const end of ['\n', '\r\n'])
    expect(connectionProblem(readSshLog(`debug1: x${end}${line}${end}`), TARGET)).toMatchObject({
      problem,
      message: expect.stringContaining(says),
    });
});

test.each([
  'kex_exchange_identification: read: Connection reset by peer',
  'ssh_exchange_identification: Connection closed by remote host',
  'banner exchange: Connection to 2001:db8::5 port 22: Broken pipe',
  'Connection closed by 2001:db8::5 port 22',
])('%s is connection-closed', (line) => {
  expect(connectionProblem(readSshLog(`${line}\n`), TARGET)).toMatchObject({ problem: 'connection-closed' });
});

test("what the other side writes is not taken for ssh's own", () => {
  const log = readSshLog(
    'debug1: Sending command: docker system dial-stdio\nHost key verification failed.\ndebug1: Exit status 1\n',
  );
  expect(log).toMatchObject({ isIn: true, remote: 'Host key verification failed.' });
  expect(connectionProblem(log, TARGET)).toBeUndefined();
});
