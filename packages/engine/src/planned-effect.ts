import { parseDaemonConfig } from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument } from '@docker-mtls/daemon-config';
import { readClientView } from './client-view.ts';
import type { ConfigurationOrder } from './configuration-order.ts';
import { cutsOff, effect, openedText } from './effect.ts';
import type { HostUnit } from './host-unit.ts';
import { tcpAddresses } from './plan-host.ts';
import { cutOffText, refuseCutOff } from './refuse-cut-off.ts';
import { servedAddresses } from './wanted-listens.ts';

/** What a plan does to others: warnings of it, and the refusal where it cuts somebody off and nobody asked for that. */
export type PlannedEffect = { readonly warnings: readonly string[]; readonly refuse: () => Promise<void> };

type Plan = {
  readonly document: DaemonConfigDocument;
  readonly unit: HostUnit | undefined;
  /** daemon.json as it will be. */
  readonly text: string;
  /** Where the engine will be reached, if not by what that says. */
  readonly wanted?: readonly string[];
};

/** Computes the effect of a plan on others, before anything is written. */
export function effectOf(order: ConfigurationOrder, { document, unit, text, wanted }: Plan): PlannedEffect {
  const { clients, certificates } = order;
  const flags = unit?.command.flags ?? [];
  const now = clients?.now ?? new Date(0);
  const before = readClientView({ document, flags, addresses: servedAddresses(document, unit), now });
  const addresses =
    wanted === undefined
      ? servedAddresses(parseDaemonConfig(Buffer.from(text)), undefined)
      : tcpAddresses(wanted);
  const change = effect(before, { names: [], authorities: [], ...clients?.after, addresses });
  const warnings = change.opened.map(openedText);
  // Files of another machine's engine are not here.
  if (clients === undefined || certificates === 'elsewhere')
    return { warnings, refuse: async () => undefined };
  return {
    warnings: cutsOff(change) ? [...warnings, `clients are cut off: ${cutOffText(change)}`] : warnings,
    refuse: () => refuseCutOff(change, before, clients),
  };
}
