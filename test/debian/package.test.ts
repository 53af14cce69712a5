import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { withMounts } from '../hostile/with-mounts.ts';
import { REPOSITORY } from '../support/cache.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { describeUnless } from '../support/describe-unless.ts';
import { hostPath, which } from '../support/engine-install.ts';
import { output, run } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { buildDebian } from './debian-package.ts';

const built = which('dpkg-deb') === undefined ? { obstacle: 'dpkg-deb' } : await buildDebian();
const FILE = built.obstacle === undefined ? built.file : '';

/** Every file that the package may install, each line at least one. */
const CONTENTS = [
  /^-rwxr-xr-x root\/root \.\/usr\/bin\/docker-mtls$/,
  /^lrwxrwxrwx root\/root \.\/usr\/libexec\/docker\/cli-plugins\/docker-mtls -> \.\.\/\.\.\/\.\.\/bin\/docker-mtls$/,
  /^-rw-r--r-- root\/root \.\/usr\/lib\/systemd\/system\/docker-mtls-authz\.service$/,
  /^-rw-r--r-- root\/root \.\/usr\/lib\/systemd\/system\/docker-mtls-authz\.socket$/,
  /^-rw-r--r-- root\/root \.\/usr\/lib\/systemd\/system\/docker-mtls-renew\.service$/,
  /^-rw-r--r-- root\/root \.\/usr\/lib\/systemd\/system\/docker-mtls-renew\.timer$/,
  /^-rw-r--r-- root\/root \.\/usr\/share\/bash-completion\/completions\/docker-mtls$/,
  /^-rw-r--r-- root\/root \.\/usr\/share\/zsh\/vendor-completions\/_docker_mtls$/,
  /^-rw-r--r-- root\/root \.\/usr\/share\/fish\/vendor_completions\.d\/docker-mtls\.fish$/,
  /^-rw-r--r-- root\/root \.\/usr\/share\/man\/man1\/docker-mtls[a-z-]*\.1\.gz$/,
  /^-rw-r--r-- root\/root \.\/usr\/share\/doc\/docker-mtls\/(?:copyright|changelog\.gz)$/,
  /^-rw-r--r-- root\/root \.\/usr\/share\/lintian\/overrides\/docker-mtls$/,
];

describeUnless(built.obstacle, 'the Debian package', () => {
  test('installs the program, what helps people to use it, and nothing else', async () => {
    const listed = (await output('dpkg-deb', ['--contents', FILE])).trim().split('\n');
    const entries = listed
      .map((line) => line.replace(/^(\S+ \S+) .* (\.\/.*)$/, '$1 $2'))
      .filter((line) => !line.startsWith('drwxr-xr-x root/root '));
    expect(entries.filter((entry) => !CONTENTS.some((pattern) => pattern.test(entry)))).toEqual([]);
    expect(CONTENTS.filter((pattern) => !entries.some((entry) => pattern.test(entry)))).toEqual([]);
  });

  test('asks for the C library that the program was linked with, and bears its version', async () => {
    const folder = temporaryFolder();
    await output('dpkg-deb', ['--extract', FILE, folder]);
    const program = fs.readFileSync(path.join(folder, 'usr/bin/docker-mtls'), 'latin1');
    const wanted = [...program.matchAll(/\0GLIBC_2\.(\d+)(?=\0)/g)].map(([, minor]) => Number(minor));
    expect(await output('dpkg-deb', ['--field', FILE, 'Depends'])).toContain(
      `libc6 (>= 2.${Math.max(...wanted)})`,
    );
    const version = (await output('dpkg-deb', ['--field', FILE, 'Version'])).trim();
    const said = await output(path.join(folder, 'usr/bin/docker-mtls'), ['--version']);
    expect(said.split(',')[0]).toBe(version);
    const changes = path.join(folder, 'usr/share/doc/docker-mtls/changelog.gz');
    expect(await output('gzip', ['-dc', changes])).toMatch(new RegExp(`^docker-mtls \\(${version}\\) `));
  });

  test('is the same in every byte when somebody else packs it again', async () => {
    const again = await buildDebian({ umask: '077' });
    if (again.obstacle !== undefined) throw new Error(again.obstacle);
    expect(fs.readFileSync(again.file).equals(fs.readFileSync(FILE))).toBe(true);
  });
});

if (built.obstacle === undefined) {
  describeNeeding(['lintian'], 'lintian', () => {
    test('finds nothing in the Debian package but what is overridden with a reason', async () => {
      const { code, stdout } = await run(
        'lintian',
        ['--display-info', '--fail-on', 'error,warning,info', FILE],
        {
          // It asks file, readelf and others, and leaves a database behind.
          env: { PATH: hostPath(), TMPDIR: temporaryFolder() },
          timeout: 300_000,
        },
      );
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    }, 300_000);
  });

  describeNeeding(['zsh'], 'zsh', () => {
    test('finds the completion of the Debian package by itself, and offers commands at the first key', async () => {
      const folder = temporaryFolder();
      await output('sh', [
        '-c',
        'dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" ./usr/share/zsh',
        FILE,
        folder,
      ]);
      const script = [
        'fpath=($1/usr/share/zsh/vendor-completions $fpath)',
        'autoload -U compinit && compinit -u -D && print -- $_comps[docker-mtls]',
        '_describe() { print -l $commands }',
        "words=(docker-mtls ''); CURRENT=2; $_comps[docker-mtls]",
      ];
      const said = await output('zsh', ['-f', '-c', script.join('\n'), 'zsh', folder], {
        env: { HOME: folder },
      });
      expect(said).toMatch(/^_docker_mtls\ninit-ca:/);
    });
  });
}

const PRERM = path.join(REPOSITORY, 'scripts/debian-package/prerm');

/** Texts of daemon.json, and whether the package may go. */
const CONFIGURATIONS: readonly (readonly [what: string, text: string | undefined, code: number])[] = [
  ['no daemon.json', undefined, 0],
  ['a daemon.json without plugins', '{"debug": true}', 0],
  ['the plugin of somebody else', '{"authorization-plugins": ["opa"], "labels": ["docker-mtls"]}', 0],
  ['an empty list', '{"authorization-plugins": [], "labels": ["docker-mtls"]}', 0],
  ['our plugin', '{"authorization-plugins": ["docker-mtls"]}', 1],
  ['our plugin after another', '{\n  "authorization-plugins": [\n    "opa",\n    "docker-mtls"\n  ]\n}', 1],
  ['our plugin of a second engine', '{"authorization-plugins":["docker-mtls-build"]}', 1],
  ['a key as Go reads it too', '{"Authorization-Plugins": ["docker-mtls"]}', 1],
];

const NAMES_OURS = '{"authorization-plugins": ["docker-mtls"]}';
/** A shell that runs by that name, with words that it takes for a script's. */
const started = (words: string): string =>
  `cd "$work"; ./dockerd -c 'sleep 60 & wait' sh ${words} >/dev/null 2>&1 & until grep -qx dockerd "/proc/$!/comm"; do :; done`;

describeNeeding(['root', 'mounts'], 'removal of the Debian package', () => {
  let work: string;
  beforeAll(() => {
    work = temporaryFolder();
  });

  const removal = (verb: string, text: string | undefined, engine = ''): ReturnType<typeof run> => {
    const folder = path.join(work, 'docker');
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder);
    if (text !== undefined) fs.writeFileSync(path.join(folder, 'daemon.json'), text);
    // The files and engines of this machine stay out of sight.
    const own = `mount -t proc proc /proc; mount -t tmpfs tmpfs /etc; cp -r "$work/docker" /etc/docker; ${engine}`;
    return run('unshare', ['--pid', '--fork', ...withMounts(work, own), PRERM, verb]);
  };

  test.each(CONFIGURATIONS)('with %s', async (_, text, code) => {
    const said =
      code === 0
        ? /^$/
        : /^docker-mtls: \/etc\/docker\/daemon\.json names .*\nhint: .*docker-mtls authz uninstall/;
    expect(await removal('remove', text)).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringMatching(said),
    });
  });

  test.each([['--config-file=FILE'], ['--config-file', 'FILE'], ['--config-file', 'other.json']])(
    'is refused for an engine that root started with %s',
    async (...words) => {
      const file = path.join(work, 'other.json');
      fs.writeFileSync(file, NAMES_OURS);
      fs.rmSync(path.join(work, 'dockerd'), { force: true });
      fs.copyFileSync('/bin/sh', path.join(work, 'dockerd'));
      const engine = started(words.join(' ').replace('FILE', file));
      const { code, stderr } = await removal('remove', undefined, engine);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`${file} names `) });
    },
  );

  test('is not refused for another program that was started by the name of an engine', async () => {
    fs.writeFileSync(path.join(work, 'other.json'), NAMES_OURS);
    fs.rmSync(path.join(work, 'dockerd'), { force: true });
    fs.symlinkSync('/bin/sh', path.join(work, 'dockerd'));
    const engine = started('--config-file other.json');
    expect(await removal('remove', undefined, engine)).toMatchObject({ code: 0, stderr: '' });
  });

  test('is not what an upgrade is', async () => {
    const [, ours] = CONFIGURATIONS.at(4) ?? [];
    expect(await removal('upgrade', ours)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('the scripts of the Debian package', () => {
  test('print what the doctor finds when the engine changes, and fail for none of it', async () => {
    const folder = temporaryFolder();
    const script = path.join(REPOSITORY, 'scripts/debian-package/postinst');
    const env = { PATH: `${folder}:${process.env['PATH']}` };
    const triggered = (): ReturnType<typeof run> => run(script, ['triggered', '/usr/sbin/dockerd'], { env });
    const place = (name: string, text: string): void =>
      fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    place('docker-mtls', 'echo "$*"; exit 3');
    // The package of the engine has gone.
    expect(await triggered()).toEqual({ code: 0, signal: undefined, stdout: '', stderr: '' });
    place('dockerd', '');
    expect(await triggered()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/the package of the engine has changed.*\ndoctor local\n$/),
    });
  });
});

describeNeeding(['shellcheck'], 'shellcheck', () => {
  test('finds nothing in the scripts of the Debian package and those that build it', async () => {
    const maintainer = ['prerm', 'postinst', 'postrm'].map((name) => `debian-package/${name}`);
    const files = [...maintainer, 'debian', 'release', 'image-root'];
    const words = files.map((name) => path.join(REPOSITORY, 'scripts', name));
    expect(await run('shellcheck', words)).toMatchObject({ code: 0, stdout: '' });
  });
});
