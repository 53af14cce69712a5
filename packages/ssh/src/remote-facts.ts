/** What an account is like from the inside, for a command that ssh runs there: not a login, and no terminal. */
export type RemoteFacts = {
  readonly user: string;
  readonly groups: readonly string[];
  readonly shell: string;
  readonly path: string;
  /** Where the shell finds docker. */
  readonly docker: string | undefined;
  /** Where docker is all the same: a login finds it there, or it is in a usual place. */
  readonly dockerElsewhere: string | undefined;
  /** Of the docker command there. */
  readonly version: string | undefined;
  /** The engine that the docker command there goes to: `unix:///var/run/docker.sock`, or another. */
  readonly endpoint: string | undefined;
  /** What made it go there. */
  readonly chosenBy: 'DOCKER_HOST' | 'DOCKER_CONTEXT' | 'docker context use' | undefined;
  readonly socket: SocketFacts | undefined;
  /** A socket of this account's own engine (rootless). */
  readonly ownSocket: string | undefined;
  /** What its sshd_config says of MaxStartups, as far as this account can read it. */
  readonly maxStartups: string | undefined;
  /** What systemd says of docker.service: `active`, `failed`, …; undefined where there is no systemd. */
  readonly unit: string | undefined;
};

export type SocketFacts = {
  readonly path: string;
  readonly exists: boolean;
  readonly mayUse: boolean;
  readonly group: string;
};

const MARK = 'docker-mtls:';

const USUAL_PLACES = [
  '/usr/local/bin',
  '/usr/bin',
  '/opt/homebrew/bin',
  '/snap/bin',
  '/Applications/Docker.app/Contents/Resources/bin',
  '"$HOME/.docker/bin"',
  '"$HOME/.rd/bin"',
  '"$HOME/bin"',
];

/** Reads nothing but what an account may know of itself, and changes nothing. `socket` is as `SshHost` has it. */
export function factsScript(socket: string | undefined): string {
  return `say() { printf '${MARK}%s=%s\\n' "$1" "$2"; }
say user "$(id -un)"
say groups "$(id -Gn)"
say shell "$SHELL"
say path "$PATH"
say docker "$(command -v docker)"
say login "$("$SHELL" -lc 'command -v docker' </dev/null 2>/dev/null | tail -n 1)"
for folder in ${USUAL_PLACES.join(' ')}; do [ -x "$folder/docker" ] && say place "$folder/docker" && break; done
say version "$(docker --version 2>/dev/null </dev/null)"
endpoint=${socket === undefined ? `$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null </dev/null)` : `unix://${socket}`}
say endpoint "$endpoint"
say host "$DOCKER_HOST"
say context "$DOCKER_CONTEXT"
socket=\${endpoint#unix://}
say group "$(stat -L -c %G "$socket" 2>/dev/null || stat -L -f %Sg "$socket" 2>/dev/null)"
[ -S "$socket" ] && say exists yes
[ -w "$socket" ] && say writable yes
own=/run/user/$(id -u)/docker.sock
[ -S "$own" ] && [ -w "$own" ] && say own "$own"
say unit "$(systemctl is-active docker.service 2>/dev/null)"
say startups "$(cat /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null | grep -i '^ *MaxStartups' | head -n 1)"
say end yes
`;
}

/** Reads what the script printed; `undefined` when it did not run to its end, for then the account runs no commands. */
export function readRemoteFacts(stdout: string): RemoteFacts | undefined {
  const said = new Map(stdout.split(/\r?\n/).flatMap(fact));
  if (!said.has('end')) return undefined;
  const docker = said.get('docker');
  return {
    user: plainName(said.get('user')),
    groups: (said.get('groups') ?? '').split(' '),
    shell: said.get('shell') ?? '',
    path: said.get('path') ?? '',
    docker,
    dockerElsewhere: docker === undefined ? (absolute(said.get('login')) ?? said.get('place')) : undefined,
    version: /version ([\d.]+)/.exec(said.get('version') ?? '')?.[1],
    endpoint: said.get('endpoint'),
    chosenBy: chosenBy(said),
    socket: socketFacts(said),
    ownSocket: plainPath(said.get('own')),
    unit: said.get('unit'),
    maxStartups: /([\d:]+)\s*$/.exec(said.get('startups') ?? '')?.[1],
  };
}

/** A name and a value; what is empty says nothing. */
function fact(line: string): readonly (readonly [string, string])[] {
  const [, name, value] = new RegExp(`^${MARK}(\\w+)=(.+)$`).exec(line) ?? [];
  return name === undefined || value === undefined ? [] : [[name, value]];
}

/** A login shell may say other things than what it was asked. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined;
}

// What a host says of itself ends up in commands that a person may copy.

function plainName(text: string | undefined): string {
  return text !== undefined && /^[\w.@-]+$/.test(text) ? text : '';
}

function plainPath(text: string | undefined): string | undefined {
  return text !== undefined && /^\/[\w./@+-]+$/.test(text) ? text : undefined;
}

function chosenBy(said: ReadonlyMap<string, string>): RemoteFacts['chosenBy'] {
  if (said.has('host')) return 'DOCKER_HOST';
  if (said.has('context')) return 'DOCKER_CONTEXT';
  return said.get('endpoint') === 'unix:///var/run/docker.sock' ? undefined : 'docker context use';
}

function socketFacts(said: ReadonlyMap<string, string>): SocketFacts | undefined {
  const path = plainPath(/^unix:\/\/(.*)$/.exec(said.get('endpoint') ?? '')?.[1]);
  if (path === undefined) return undefined;
  return {
    path,
    exists: said.has('exists'),
    mayUse: said.has('writable'),
    group: plainName(said.get('group')),
  };
}
