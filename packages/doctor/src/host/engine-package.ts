import type { Run } from '@docker-mtls/run';

export type EnginePackage = { readonly name: string; readonly version: string };

const NAMES = ['docker-ce', 'docker.io', 'moby-engine', 'docker-engine'];

/** The package that the engine's program came with, where dpkg or rpm knows it. */
export async function enginePackage(run: Run): Promise<EnginePackage | undefined> {
  const debian = await run('dpkg-query', [
    '-W',
    '-f',
    '${db:Status-Abbrev} ${Package} ${Version}\\n',
    ...NAMES,
  ]);
  const installed = /^i\S* +(\S+) (\S+)$/m.exec(debian.stdout);
  if (installed !== null) return packageOf(installed);
  const rpm = await run('rpm', ['-q', '--qf', '%{NAME} %{VERSION}-%{RELEASE}\\n', ...NAMES]);
  const found = /^(\S+) (\d\S*)$/m.exec(rpm.stdout);
  return found === null ? undefined : packageOf(found);
}

function packageOf([, name = '', version = '']: RegExpExecArray): EnginePackage {
  return { name, version };
}
