import {
  keyOfFlag,
  parseDaemonConfig,
  parseEngineFlags,
  parseEnvironmentFile,
  separateEngineFlags,
  splitExpansion,
  writtenKeys,
} from '@docker-mtls/daemon-config';
import type { EngineFlag } from '@docker-mtls/daemon-config';
import { readFileIfExists } from '@docker-mtls/files';
import { HostError } from './host-error.ts';
import type { Services } from './restart-command.ts';

/** The files that the init scripts of Debian, Red Hat and OpenRC source, and the variables that they hand to the engine. */
const FILES = {
  openrc: ['/etc/conf.d/docker'],
  sysvinit: ['/etc/default/docker', '/etc/sysconfig/docker'],
} as const;
const OPTIONS = ['DOCKER_OPTS', 'OPTIONS'];

type Planned = {
  /** The text of the daemon.json that is planned. */
  readonly text: string;
  readonly manager: Services['manager'];
  /** Where the files of this machine begin. */
  readonly root?: string;
};

/**
 * Refuses a daemon.json that repeats what an init script tells the engine: it would not start the next time. For an engine
 * that does not run, so that its own command line cannot be read. Throws `HOST_FLAGS_CLASH`.
 */
export function refuseInitScript({ text, manager, root = '' }: Planned): void {
  if (manager !== 'openrc' && manager !== 'sysvinit') return;
  const keys = writtenKeys(parseDaemonConfig(Buffer.from(text)));
  for (const file of FILES[manager]) {
    const clash = flagsIn(`${root}${file}`).find(({ name }) => keys.has(keyOfFlag(name)));
    if (clash === undefined) continue;
    const flag = clash.value === undefined ? `--${clash.name}` : `--${clash.name}=${clash.value}`;
    throw new HostError(
      'HOST_FLAGS_CLASH',
      `${file} has the engine started with ${flag}, and it does not start when daemon.json says the same`,
      { hint: `remove that flag from ${file}, and run the command again` },
    );
  }
}

/** As far as the text alone says it: what a shell would still replace stays as it is. */
function flagsIn(file: string): readonly EngineFlag[] {
  const text =
    readFileIfExists(file)
      ?.toString('utf8')
      .replaceAll(/^\s*export\s+/gm, '') ?? '';
  const settings = parseEnvironmentFile(text);
  return OPTIONS.flatMap((name) =>
    parseEngineFlags(separateEngineFlags(splitExpansion(settings.get(name) ?? ''))),
  );
}
