import { describe, expect, test } from '@jest/globals';
import { accountProblems, type SshSession } from './account-problems.ts';
import { readEngineAnswer } from './engine-answer.ts';
import type { RemoteFacts } from './remote-facts.ts';
import { parseSshHost } from './ssh-host.ts';
import type { SshTarget } from './target.ts';

const TARGET: SshTarget = {
  host: parseSshHost('alice@node1'),
  configuration: { user: 'alice', hostName: 'node1', port: '22', via: undefined, takesNewHostKeys: false },
};

const FACTS: RemoteFacts = {
  user: 'alice',
  groups: ['alice', 'docker'],
  shell: '/bin/bash',
  path: '/usr/bin:/bin',
  docker: '/usr/bin/docker',
  dockerElsewhere: undefined,
  version: '28.5.2',
  endpoint: 'unix:///var/run/docker.sock',
  chosenBy: undefined,
  socket: { path: '/var/run/docker.sock', exists: true, mayUse: true, group: 'docker' },
  ownSocket: undefined,
  unit: 'active',
  maxStartups: undefined,
};

const SERVED = 'HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\n\r\nOK';

type Case = {
  readonly what: string;
  readonly stdout?: string;
  readonly said?: string;
  readonly code?: number | undefined;
  readonly facts?: Partial<RemoteFacts> | null;
  readonly problems: readonly string[];
  readonly says?: string;
  readonly hints?: string;
};

const OTHER_ENGINE = { endpoint: 'tcp://10.0.0.1:2375', chosenBy: 'DOCKER_HOST', socket: undefined } as const;
const DENIED = { path: '/var/run/docker.sock', exists: true, mayUse: false, group: 'docker' };

// A real host shows what is common: test/host/ssh.test.ts. These are the rest.
const CASES: readonly Case[] = [
  { what: 'an engine that answers', stdout: SERVED, problems: [] },
  {
    what: 'one that answers an account of which nothing is known',
    stdout: SERVED,
    facts: null,
    problems: [],
  },
  {
    what: 'another engine that answers',
    stdout: SERVED,
    facts: OTHER_ENGINE,
    problems: ['warning engine-elsewhere'],
    says: "you reach that engine, not the host's",
    hints: 'unset DOCKER_HOST',
  },
  {
    what: "a context of the account's own engine",
    stdout: SERVED,
    facts: { endpoint: 'unix:///run/user/1000/docker.sock', chosenBy: 'docker context use' },
    problems: [],
  },
  {
    what: 'a context that leads nowhere',
    facts: { ...OTHER_ENGINE, chosenBy: 'docker context use' },
    problems: ['error engine-elsewhere'],
    hints: 'docker context use default',
  },
  {
    what: 'an answer behind an empty line',
    stdout: `\n${SERVED}`,
    problems: ['error output-noise'],
    says: 'prints "\\n"',
  },
  {
    what: 'a greeting, and no docker',
    stdout: 'Hello',
    facts: { docker: undefined, shell: '/usr/bin/zsh' },
    problems: ['error output-noise', 'error docker-missing'],
    hints: 'in ~/.zshenv there',
  },
  {
    what: 'a docker outside of the PATH, as on a Mac',
    facts: {
      docker: undefined,
      dockerElsewhere: '/usr/local/bin/docker',
      path: '/usr/bin:/bin',
      shell: '/bin/zsh',
    },
    problems: ['error docker-missing'],
    hints: 'on that host, at the top of ~/.zshenv: export PATH=$PATH:/usr/local/bin',
  },
  {
    what: 'a docker outside of the PATH of a shell that reads nothing',
    facts: { docker: undefined, dockerElsewhere: '/opt/x/docker', shell: '/bin/sh' },
    problems: ['error docker-missing'],
    hints: 'on that host, in sshd_config: SetEnv PATH=/usr/bin:/bin:/opt/x',
  },
  {
    what: 'a docker whose path a shell would act on',
    facts: { docker: undefined, dockerElsewhere: '/x;id/docker', path: '/usr/local/bin' },
    problems: ['error docker-missing'],
    hints:
      "ln -s '/x;id/docker' /usr/local/bin/docker; or at the top of ~/.bashrc: export PATH=$PATH:'/x;id'",
  },
  {
    what: 'a docker before dial-stdio',
    facts: { version: '18.06.3' },
    problems: ['error docker-too-old'],
    says: 'docker 18.06.3',
  },
  {
    what: 'the first docker with it',
    facts: { version: '18.09.0' },
    said: 'x',
    problems: ['error unexplained'],
  },
  {
    what: 'a docker that is another program',
    facts: { version: undefined },
    problems: ['error unexplained'],
  },
  {
    what: "a socket of root's alone",
    facts: { socket: { ...DENIED, group: 'root' } },
    problems: ['error socket-denied'],
    says: 'is for others',
  },
  {
    what: 'a socket of others, and one of its own',
    facts: { groups: ['alice'], socket: DENIED, ownSocket: '/run/user/1000/docker.sock' },
    problems: ['error socket-denied'],
    hints: "or use the account's own engine: ssh://alice@node1/run/user/1000/docker.sock",
  },
  {
    what: 'a group that this session does not have yet',
    facts: { groups: ['alice'], socket: DENIED },
    problems: ['error socket-denied'],
    says: 'alice is not in it',
    hints: 'may be root there, which is what it means: usermod -aG docker alice',
  },
  {
    what: 'an engine that is not there',
    facts: { socket: { ...DENIED, exists: false }, unit: undefined },
    problems: ['error engine-stopped'],
    says: 'there is no /var/run/docker.sock',
    hints: 'start the engine',
  },
  {
    what: 'an engine whose plugin says no',
    stdout: 'HTTP/1.1 403 Forbidden\r\n\r\n{"message":"authorization denied by plugin p"}',
    problems: ['error engine-refuses'],
    says: 'HTTP 403: "{\\"message\\":\\"authorization denied by plugin p',
  },
  {
    what: 'an engine that does not answer',
    code: undefined,
    problems: ['error engine-silent'],
    hints: 'ssh alice@node1 journalctl -u docker',
  },
  {
    what: 'an account that answers nothing in time',
    code: undefined,
    facts: null,
    problems: ['error account-unusable'],
    says: 'it gave no answer in time',
  },
  {
    what: 'words that would move the cursor',
    said: 'a\u001b[2Jb',
    problems: ['error unexplained'],
    says: String.raw`a\u001b[2Jb`,
  },
];

describe('accountProblems', () => {
  test.each(CASES)(
    '$what',
    ({ stdout = '', said = '', facts = {}, problems, says = '', hints = '', ...rest }) => {
      const session: SshSession = {
        code: 'code' in rest ? rest.code : 1,
        answer: readEngineAnswer(stdout),
        said,
        facts: facts === null ? undefined : { ...FACTS, ...facts },
      };
      const found = accountProblems(session, TARGET);
      expect(found.map(({ severity, problem }) => `${severity} ${problem}`)).toEqual(problems);
      expect(found.map(({ message }) => message).join('\n')).toContain(says);
      expect(found.map(({ hint }) => hint).join('\n')).toContain(hints);
    },
  );
});
