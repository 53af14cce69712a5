import { uninstallPlugin } from '@docker-mtls/engine/authorization';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { engineOf } from '../../engine/engine-order.ts';
import { callerOf } from '../../io/caller.ts';
import type { Io } from '../../io/io.ts';

/** Has the engine not ask any more. */
export async function uninstallAction(args: Args, io: Io): Promise<Report> {
  const { config, isActive } = await uninstallPlugin(engineOf(args, io), callerOf(io));
  const what =
    config === undefined ? 'No daemon.json named docker-mtls' : `${config} no longer names docker-mtls`;
  const next = isActive ? 'the engine goes by that' : 'start the engine: systemctl start docker';
  return {
    json: { ...(config !== undefined && { config }), active: isActive },
    text: `${what}; ${next}. The policy and the audit log stay.\n`,
  };
}
