import { hasCode, MtlsError } from '@docker-mtls/errors';
import { readArgs } from '../../command-line/args.ts';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';
import { serverNamesOf } from '../../command-line/order.ts';
import type { ServerNames } from '../../command-line/order.ts';

/**
 * What the engine's certificate is called. A name that every run knows, so that it finds the pair of the run before,
 * whatever names for other machines come and go.
 */
export const SERVER = 'localhost';

/**
 * The book's runs have no options: what their user says comes by the environment, and is put into words here. Names in
 * `$SAN` are separated by commas or blanks. The machine's own go into the certificate only where they are the host's: a
 * container's names and addresses go with it.
 */
export function serverWords({ env }: Pick<Io, 'env'>, directory: string, isHost: boolean): Args {
  const sans = (env['SAN'] ?? '').split(/[\s,]+/).filter((name) => name !== '');
  return readArgs({ name: SERVER, san: sans, local: isHost, 'ca-dir': directory });
}

/** The names that the engine's certificate is to hold. Code: `CA_SAN_INVALID`. */
export function serverNamesIn(words: Args, io: Io): ServerNames {
  try {
    return serverNamesOf(words, io);
  } catch (error) {
    throw hasCode(error, 'CA_SAN_INVALID') && error.message.startsWith('"*.') ? wildcard(error) : error;
  }
}

function wildcard(error: Error): MtlsError {
  return new MtlsError('CA_SAN_INVALID', error.message, {
    hint: `name each host; or on purpose: docker-mtls issue-server ${SERVER} --san NAME --allow-wildcard --force, then this again`,
    cause: error,
  });
}
