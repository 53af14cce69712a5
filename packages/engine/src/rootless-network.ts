import { ROOTLESSKIT_FLAGS } from '@docker-mtls/daemon-config';
import type { EngineCommand } from '@docker-mtls/daemon-config';
import { readFileIfExists } from '@docker-mtls/files';

const SETTING = 'DOCKERD_ROOTLESS_ROOTLESSKIT_DETACH_NETNS';
/** Since 29.5, contrib/dockerd-rootless.sh has `: "${…_DETACH_NETNS:=true}"`; the scripts before do not know the setting. */
const DEFAULT = /\$\{DOCKERD_ROOTLESS_ROOTLESSKIT_DETACH_NETNS:=(\w*)\}/;
const LARGEST_SCRIPT = 1_000_000;

/**
 * Will rootlesskit leave the engine in the network of this machine at its next start? The script that starts it decides,
 * which an upgrade replaces while the old engine runs on; where it is none that is known, the engine that runs.
 */
export function startsDetached(
  { unit, environment }: Pick<EngineCommand, 'unit' | 'environment'>,
  now: () => boolean | undefined,
): boolean {
  if (/(?:^|\s)--detach-netns(?:=true)?(?:\s|$)/.test(environment.get(ROOTLESSKIT_FLAGS) ?? '')) return true;
  const said = environment.get(SETTING);
  const script = scriptOf(unit.program.value);
  if (script === undefined) return now() ?? isTrue(said);
  const usual = DEFAULT.exec(script)?.[1];
  return usual !== undefined && isTrue(said === undefined || said === '' ? usual : said);
}

function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === '1';
}

function scriptOf(command: string): string | undefined {
  const path = command.replace(/^[@\-:+!|]*/, '').replace(/\s.*$/s, '');
  if (!path.startsWith('/')) return undefined;
  const text = readFileIfExists(path, LARGEST_SCRIPT)?.toString('latin1');
  return text?.startsWith('#!') === true && text.includes(ROOTLESSKIT_FLAGS) ? text : undefined;
}
