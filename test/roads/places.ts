import fs from 'node:fs';
import path from 'node:path';
import { bootHost, type Host } from '../host/host.ts';
import { keepPristine, reset } from '../host/state.ts';
import { addUser, type User } from '../host/user.ts';
import { REPOSITORY } from '../support/cache.ts';
import { BUNDLE } from '../support/cli.ts';
import { hostPath } from '../support/engine-install.ts';
import { output, run, type Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { copyOfProgram } from '../package/copy-of-program.ts';
import type { PlaceName } from './page.ts';

/** A terminal at a place: what one command sets or where it goes, the next one finds. */
export type Terminal = (command: string) => Promise<Finished>;

export type Places = {
  readonly host: Host;
  readonly terminals: Readonly<Record<PlaceName, Terminal>>;
  /** All places as they are for somebody who begins to read a page. */
  readonly prepare: () => Promise<void>;
};

const NAME = 'node1.example.com';
const UID = 4242;
const SLOW = 180_000;

// The unit allows three starts in ten seconds, and people read between them.
const RESTED = 'systemctl reset-failed docker.service docker.socket 2>/dev/null;';

/** Runs a command in a shell that goes on where the one before stopped. */
const IN_TERMINAL = `
state=$1; [ ! -f "$state" ] || . "$state"
eval "$2"; code=$?
{ export -p; printf 'cd %s\\n' "'$PWD'"; } >"$state"; exit $code
`;

/** Boots a host with an engine; the laptop is a user of this machine in name spaces of their own. */
export async function makePlaces(): Promise<Places> {
  const host = await bootHost('28.5');
  const pristine = await keepPristine(host);
  const laptop = await makeLaptop(host);
  await installOn(host);
  await letIn(host, laptop.publicKey);
  let dan: User | undefined;
  return {
    host,
    terminals: {
      host: (command) => host.shell(`${RESTED} ${typed('/root/.terminal', command)}`),
      laptop: laptop.terminal,
      rootless: async (command) => {
        dan ??= await makeRootless(host);
        return dan.shell(
          `systemctl --user start docker; PATH=$PATH:/usr/local/bin; ${typed('.terminal', command)}`,
        );
      },
    },
    prepare: async () => {
      await host.must(
        `find /root -mindepth 1 -maxdepth 1 ! -name pristine ! -name .ssh -exec rm -rf {} +; rm -rf /srv/ca`,
      );
      // Its port would be taken on other pages.
      await dan?.shell('systemctl --user stop docker');
      await reset(host, pristine);
      await host.must(`printf '{"debug": true}\\n' >/etc/docker/daemon.json && systemctl restart docker`);
      laptop.prepare();
    },
  };
}

function typed(state: string, command: string): string {
  return `cd; bash -c ${quoted(IN_TERMINAL)} bash "$HOME/${path.basename(state)}" ${quoted(command)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** As npm would install it. sudo is a stand-in that runs its words, because every user there is root. */
async function installOn({ must }: Host): Promise<void> {
  await must(`ln -s ${BUNDLE} /usr/local/bin/docker-mtls
    printf '#!/bin/sh\\nexec "$@"\\n' >/usr/local/bin/sudo
    chmod 755 /usr/local/bin/sudo`);
}

/** root, and an account that may use the engine's socket, with the laptop's key; the name is the host's own. */
async function letIn({ must, address }: Host, publicKey: string): Promise<void> {
  await must(`echo '${address} ${NAME}' >>/etc/hosts
    useradd --create-home --shell /bin/bash --groups docker alice
    for home in /root /home/alice; do
      mkdir -p -m 700 $home/.ssh; echo '${publicKey.trim()}' >$home/.ssh/authorized_keys
    done
    chown -R alice: /home/alice/.ssh; systemctl start ssh`);
}

async function makeRootless(host: Host): Promise<User> {
  // What a machine has, and a container is not given: a device for networks, and a say in their settings.
  await host.must(
    'chmod 666 /dev/net/tun; mount -o remount,bind,rw /proc/sys; systemctl stop docker docker.socket',
  );
  const dan = await addUser(host, 'dan');
  await dan.shell('dockerd-rootless-setuptool.sh install --skip-iptables');
  await dan.must('timeout 60 sh -c "until docker version >/dev/null 2>&1; do sleep 0.2; done"');
  return dan;
}

type Laptop = {
  readonly terminal: Terminal;
  readonly publicKey: string;
  readonly prepare: () => void;
};

/** An ordinary user with a home of their own, to whom the host's name leads to the host. */
async function makeLaptop(host: Host): Promise<Laptop> {
  const folder = temporaryFolder();
  const home = path.join(folder, 'alice');
  const file = (name: string): string => path.join(folder, name);
  await output('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file('id_ed25519')], {
    env: { PATH: hostPath() },
  });
  const keys = await host.must('cut -d" " -f1,2 /etc/ssh/ssh_host_*_key.pub');
  const known = keys.replaceAll(/^(?=.)/gm, `${NAME},${host.address} `);
  fs.writeFileSync(file('hosts'), `127.0.0.1 localhost\n${host.address} ${NAME}\n`);
  fs.writeFileSync(file('passwd'), `root:x:0:0::/root:/bin/sh\nalice:x:${UID}:${UID}::${home}:/bin/bash\n`);
  fs.writeFileSync(file('group'), `root:x:0:\nalice:x:${UID}:\n`);
  fs.mkdirSync(file('bin'));
  const node = file('bin/node');
  fs.copyFileSync(fs.realpathSync(process.execPath), node);
  const program = copyOfProgram();
  fs.writeFileSync(file('bin/docker-mtls'), `#!/bin/sh\nexec ${node} ${program} "$@"\n`, { mode: 0o755 });
  // As npm would install it, which is next to it.
  const sqlite = path.dirname(fs.realpathSync(path.join(REPOSITORY, 'packages/cli/node_modules/libsql')));
  const modules = path.join(path.dirname(program), 'node_modules');
  fs.cpSync(sqlite, modules, { recursive: true, dereference: true });
  for (const each of [folder, path.dirname(program)]) fs.chmodSync(each, 0o755);
  return {
    publicKey: fs.readFileSync(file('id_ed25519.pub'), 'utf8'),
    prepare: () => {
      fs.rmSync(home, { recursive: true, force: true });
      fs.mkdirSync(path.join(home, '.ssh'), { recursive: true, mode: 0o700 });
      fs.copyFileSync(file('id_ed25519'), path.join(home, '.ssh/id_ed25519'));
      fs.writeFileSync(path.join(home, '.ssh/known_hosts'), known);
      for (const name of ['', '.ssh', '.ssh/id_ed25519', '.ssh/known_hosts'])
        fs.chownSync(path.join(home, name), UID, UID);
    },
    terminal: (command) => onLaptop({ folder, home, command }),
  };
}

const AS_USER = `
for name in hosts passwd group; do mount --bind "$1/$name" "/etc/$name"; done
cd "$2"; exec setpriv --reuid=${UID} --regid=${UID} --clear-groups bash -c "$3" bash "$2/.terminal" "$4"
`;

function onLaptop({
  folder,
  home,
  command,
}: Readonly<Record<'folder' | 'home' | 'command', string>>): Promise<Finished> {
  const words = ['--mount', 'sh', '-ec', AS_USER, 'sh', folder, home, IN_TERMINAL, command];
  const env = { PATH: `${folder}/bin:${hostPath()}`, HOME: home, USER: 'alice' };
  return run('unshare', words, { env, cwd: folder, timeout: SLOW });
}
