import { useContext } from '@docker-mtls/context';
import type { Args } from '../../args.ts';
import type { Report } from '../../command.ts';
import { dockerFolder } from '../../docker-contexts.ts';
import type { Io } from '../../io.ts';
import { contextNamed } from './words.ts';

/** What every terminal uses from now on, unless its environment says otherwise: then that is said. */
export async function useAction(args: Args, io: Io): Promise<Report> {
  const name = contextNamed(args);
  useContext(dockerFolder(io), name);
  const overriddenBy = ['DOCKER_HOST', 'DOCKER_CONTEXT'].find(
    (variable) => (io.env[variable] ?? '') !== '' && io.env[variable] !== name,
  );
  const warning =
    overriddenBy === undefined
      ? ''
      : `warning: ${overriddenBy} is set in this terminal, and wins: unset it\n`;
  return { json: { context: name, overriddenBy }, text: `Every terminal now uses ${name}\n${warning}` };
}
