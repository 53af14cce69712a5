import { PLUGIN_PLACES, readPluginStatus } from '@docker-mtls/engine/authorization';
import { MtlsError } from '@docker-mtls/errors';
import { facts } from '@docker-mtls/text';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';

/** What the plugin goes by, as it says itself. */
export async function statusAction(_args: Args, _io: Io): Promise<Report> {
  const status = await readPluginStatus();
  if (status === undefined) {
    throw new MtlsError('AUTHZ_SILENT', `no plugin answers at ${PLUGIN_PLACES.socket}`, {
      hint: 'run it as root; see systemctl status docker-mtls-authz.socket',
    });
  }
  const { mode, local = 'none', lists, locks, problems, audit } = status;
  const lines = facts([
    ['mode', mode],
    ['local clients', local],
    [
      'revocation lists',
      lists.map(({ number, revoked }) => `number ${number} (${revoked} revoked)`).join(', '),
    ],
    ['locks', String(locks)],
    ['audit records', String(audit?.sequence ?? 0)],
  ]);
  return {
    json: { mode, local, lists, locks, problems, ...(audit !== undefined && { audit }) },
    text: `The plugin at ${PLUGIN_PLACES.socket}\n${lines}${problems.map((each) => `problem: ${each}\n`).join('')}`,
  };
}
