import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { cachedTool } from './cache.ts';
import { findEngine, hostPath, NAME_SPACES, which, type EngineVersion } from './engine-install.ts';

/** Something that not every machine has: whether it is here, and the programs that a test may start because of it. */
type Requirement = {
  /** Why it is not here; undefined when it is. Asked once for each test file. */
  readonly obstacle: () => string | undefined;
  readonly programs: readonly string[];
};

const isRoot = process.geteuid?.() === 0;

/** Programs on the PATH, and the Debian package that brings them. */
function programs(debianPackage: string, ...names: readonly string[]): Requirement {
  const obstacle = (): string | undefined =>
    names.every((name) => which(name) !== undefined) ? undefined : `apt-get install ${debianPackage}`;
  return { obstacle, programs: names };
}

function both(one: Requirement, other: Requirement): Requirement {
  return {
    obstacle: () => one.obstacle() ?? other.obstacle(),
    programs: [...one.programs, ...other.programs],
  };
}

/** Why something is missing that a build machine may lack too. */
export const NOT_IN_DEBIAN = 'not in Debian';

/** Programs on the PATH that Debian does not package. */
function elsewhere(...names: readonly string[]): Requirement {
  const obstacle = (): string | undefined =>
    names.every((name) => which(name) !== undefined) ? undefined : NOT_IN_DEBIAN;
  return { obstacle, programs: names };
}

/** A tool of another Debian release, which is started by its path. */
function fetched(name: string): Requirement {
  return {
    obstacle: () => (cachedTool(name) === undefined ? 'scripts/fetch-engines' : undefined),
    programs: [],
  };
}

/** A command that tells by its exit code whether the kernel lets us do something. */
function permission(program: string, ...words: readonly string[]): Requirement {
  const obstacle = (): string | undefined => {
    if (which(program) === undefined) return `no ${program}`;
    const env = { PATH: hostPath() };
    const { status, stderr } = spawnSync(program, words, { encoding: 'utf8', env });
    return status === 0 ? undefined : stderr.trim();
  };
  return { obstacle, programs: [program] };
}

/** A command that succeeds where a Debian package is installed. */
function command(debianPackage: string, program: string, ...words: readonly string[]): Requirement {
  const works = (): boolean => spawnSync(program, words).status === 0;
  return { obstacle: () => (works() ? undefined : `apt-get install ${debianPackage}`), programs: [] };
}

function engine(version: EngineVersion): Requirement {
  const source = version === 'installed' ? 'apt-get install docker.io' : 'scripts/fetch-engines';
  return { obstacle: () => (findEngine(version) === undefined ? source : undefined), programs: ['setpriv'] };
}

const MOUNTS: Requirement = {
  ...permission('unshare', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'),
  programs: ['mount', 'umount'],
};
const SSHD = programs('openssh-server', 'sshd');

/** All that a block of tests can declare. Essential programs of Debian, git, node and npm are always there. */
export const NEEDS = {
  root: { obstacle: () => (isRoot ? undefined : 'run as root'), programs: [] },
  'name spaces': permission('unshare', ...NAME_SPACES, 'true'),
  mounts: MOUNTS,
  '/dev/full': { obstacle: () => (fs.existsSync('/dev/full') ? undefined : 'missing'), programs: [] },
  strace: programs('strace', 'strace'),
  'permission to trace': permission('strace', '-o', '/dev/null', 'true'),
  openssl: programs('openssl', 'openssl'),
  certtool: programs('gnutls-bin', 'certtool'),
  'gnutls-serv': programs('gnutls-bin', 'gnutls-serv'),
  'tools of NSS': programs('libnss3-tools', 'certutil', 'crlutil', 'vfychain', 'pk12util'),
  keytool: programs('default-jre-headless', 'keytool'),
  zlint: fetched('zlint'),
  age: programs('age', 'age'),
  bsdtar: programs('libarchive-tools', 'bsdtar'),
  zip: programs('zip', 'zip'),
  unzip: programs('unzip', 'unzip'),
  zsh: programs('zsh', 'zsh'),
  fish: programs('fish', 'fish'),
  pwsh: elsewhere('pwsh'),
  busybox: programs('busybox', 'busybox'),
  'static busybox': fetched('busybox'),
  haproxy: programs('haproxy', 'haproxy'),
  nginx: programs('nginx-light', 'nginx'),
  curl: programs('curl', 'curl'),
  // Debian's own: another one that comes first on the PATH would not see its packages.
  'docker for Python': command('python3-docker', '/usr/bin/python3', '-c', 'from docker import DockerClient'),
  skopeo: programs('skopeo', 'skopeo'),
  shellcheck: programs('shellcheck', 'shellcheck'),
  lintian: programs('lintian', 'lintian'),
  faketime: programs('faketime', 'faketime'),
  'qemu for arm64': programs('qemu-user-static', 'qemu-aarch64-static'),
  groovy: programs('groovy', 'groovy', 'java'),
  ssh: programs('openssh-client', 'ssh', 'ssh-keygen', 'ssh-agent', 'ssh-add'),
  // Root's needs a folder in /run, which is mounted for it alone.
  sshd: isRoot ? both(SSHD, MOUNTS) : SSHD,
  ip: programs('iproute2', 'ip'),
  systemd: programs('systemd', 'systemctl', 'systemd-analyze'),
  'docker command': programs('docker.io', 'docker'),
  'docker-compose': programs('docker-compose', 'docker-compose'),
  'compose plugin': fetched('docker-compose'),
  registry: programs('docker-registry', 'docker-registry'),
  runc: programs('runc', 'runc'),
  'engine installed': engine('installed'),
  'engine 20.10': engine('20.10'),
  'engine 26.1': engine('26.1'),
  'engine 28.5': engine('28.5'),
  'hosts that boot': programs(
    'debootstrap systemd-container mount',
    'debootstrap',
    'systemd-nspawn',
    'mount',
    'umount',
  ),
} satisfies Record<string, Requirement>;

export type Need = keyof typeof NEEDS;

const answers = new Map<Need, string | undefined>();

/** What is missing here, such as `zsh (apt-get install zsh)`; undefined where nothing is. */
export function missing(needs: readonly Need[]): string | undefined {
  const absent = needs.find((need) => obstacleOf(need) !== undefined);
  return absent === undefined ? undefined : `${absent} (${obstacleOf(absent)})`;
}

function obstacleOf(need: Need): string | undefined {
  if (!answers.has(need)) answers.set(need, NEEDS[need].obstacle());
  return answers.get(need);
}

/** What an engine of a test needs besides its own programs. */
export function engineNeeds(version: EngineVersion): readonly Need[] {
  return ['root', `engine ${version}`, 'runc', 'name spaces'];
}

/** What it takes to stop a program at a system call. */
export const TRACING: readonly Need[] = ['strace', 'permission to trace'];
