import { BUNDLE } from '../support/cli.ts';
import { run, type Finished } from '../support/run.ts';
import { succeeding, type Host } from './host.ts';

/** An ordinary user of a host, with a service manager that runs without a login. */
export type User = Pick<Host, 'shell' | 'must' | 'cli' | 'prefix'> & {
  readonly id: string;
  readonly home: string;
};

const PATH = '/usr/bin:/bin:/usr/sbin:/sbin:/usr/share/docker.io/contrib';

/** Makes a user. It has no terminal and no session: as after `su`, and as in a script. */
export async function addUser(host: Host, name: string): Promise<User> {
  await host.must(`useradd --create-home --shell /bin/sh ${name} && loginctl enable-linger ${name}`);
  const id = (await host.must(`id -u ${name}`)).trim();
  await host.must(`until [ -S /run/user/${id}/systemd/private ]; do sleep 0.1; done`);
  const home = `/home/${name}`;
  const own = [`--reuid=${id}`, `--regid=${id}`, '--init-groups', '--reset-env'];
  const prefix = [...host.prefix, 'setpriv', ...own, 'env', `--chdir=${home}`, `PATH=${PATH}`];
  const inside = (words: readonly string[]): Promise<Finished> => {
    const [program = '', ...args] = [...prefix, ...words];
    return run(program, args, { timeout: 120_000 });
  };
  const runtime = `export XDG_RUNTIME_DIR=/run/user/${id} DOCKER_HOST=unix:///run/user/${id}/docker.sock`;
  const shell = (script: string): Promise<Finished> => inside(['sh', '-c', `${runtime}; ${script}`]);
  return {
    id,
    home,
    prefix,
    shell,
    must: succeeding(shell),
    cli: (...args) => inside(['/usr/local/bin/node', BUNDLE, ...args]),
  };
}
