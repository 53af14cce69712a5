import { parseSystemctlShow } from '@docker-mtls/daemon-config';
import type { Run } from '@docker-mtls/run';

export type UnitAddress = { readonly host: string; readonly port: number };

/** A socket that systemd holds for the engine. */
export type SocketUnit = {
  readonly name: string;
  /** Its TCP addresses. */
  readonly addresses: readonly UnitAddress[];
  /** Was it written by docker-mtls, which keeps TLS on it? */
  readonly isOurs: boolean;
  /** The unit and its drop-ins. */
  readonly files: readonly string[];
};

const OURS = 'docker-mtls.socket';
const PLAIN = { LC_ALL: 'C', SYSTEMD_COLORS: '0', SYSTEMD_PAGER: '' };

/** The socket units that start the engine's service; none where systemd does not run here. */
export async function socketUnits(run: Run, manager: readonly string[]): Promise<readonly SocketUnit[]> {
  const service = await show(run, { manager, unit: 'docker.service', properties: ['TriggeredBy'] });
  const names = (service.get('TriggeredBy') ?? []).flatMap((value) => value.split(' '));
  const units: SocketUnit[] = [];
  for (const name of names.filter((each) => each.endsWith('.socket'))) {
    const shown = await show(run, {
      manager,
      unit: name,
      properties: ['Listen', 'FragmentPath', 'DropInPaths'],
    });
    units.push({
      name,
      addresses: (shown.get('Listen') ?? []).flatMap(addressIn),
      isOurs: name === OURS,
      files: [...(shown.get('FragmentPath') ?? []), ...(shown.get('DropInPaths') ?? [])]
        .flatMap((value) => value.split(' '))
        .filter((path) => path.startsWith('/')),
    });
  }
  return units;
}

async function show(
  run: Run,
  { manager, unit, properties }: Asked,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const env = { ...process.env, ...PLAIN };
  const asked = properties.flatMap((name) => ['-p', name]);
  const { code, stdout } = await run('systemctl', [...manager, 'show', ...asked, '--', unit], { env });
  return parseSystemctlShow(code === 0 ? stdout : '').all;
}

type Asked = {
  /** What systemctl is told to speak with that manager. */
  readonly manager: readonly string[];
  readonly unit: string;
  readonly properties: readonly string[];
};

/** `0.0.0.0:2375 (Stream)`, `[::]:2375 (Stream)`; a path is not on the network. */
function addressIn(listen: string): readonly UnitAddress[] {
  const [, host, port] = /^\[?([\d.]+|[\da-fA-F:.]+)\]?:(\d+) \(Stream\)$/.exec(listen) ?? [];
  return host === undefined || port === undefined ? [] : [{ host, port: Number(port) }];
}
