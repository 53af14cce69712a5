import { hasCode, MtlsError } from '@docker-mtls/errors';
import { SERVER } from '@docker-mtls/image';
import type { Io } from '../../io/io.ts';
import { parseServerNames } from '../../command-line/order.ts';
import type { ServerNames } from '../../command-line/order.ts';

/**
 * The names that the engine's certificate is to hold. The book's runs have no options: what their user says comes by the
 * environment, in `$SAN`, separated by commas or blanks. The machine's own names go into the certificate only where they
 * are the host's: a container's names and addresses go with it. Code: `CA_SAN_INVALID`.
 */
export function containerNames(io: Io, isHost: boolean): ServerNames {
  const sans = (io.env['SAN'] ?? '').split(/[\s,]+/).filter((name) => name !== '');
  try {
    return parseServerNames({ name: SERVER, sans, local: isHost, wildcard: false }, io);
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
