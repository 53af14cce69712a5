import { hasCa, makeCa } from '@docker-mtls/authority';
import type { CaOrder, MadeCa } from '@docker-mtls/authority';
import type { Authority } from '@docker-mtls/ca';
import { hasCode } from '@docker-mtls/errors';
import type { Caller } from '@docker-mtls/errors';
import type { CaStep } from './step.ts';

export type EnsuredCa = {
  readonly step: CaStep;
  /** The CA, where it was made just now. */
  readonly authority?: Authority;
};

/** Makes a CA where there is none yet. */
export async function ensureCa(order: CaOrder, caller: Caller): Promise<EnsuredCa> {
  const { directory } = order;
  const kept: EnsuredCa = { step: { step: 'ca', outcome: 'kept', directory } };
  if (await hasCa(directory)) return kept;
  const made = await madeNow(order, caller);
  if (made === undefined) return kept;
  const { authority, encrypted: isEncrypted } = made;
  return { step: { step: 'ca', outcome: 'made', directory, isEncrypted }, authority };
}

/** `undefined`: another run has made it meanwhile. */
async function madeNow(order: CaOrder, caller: Caller): Promise<MadeCa | undefined> {
  try {
    return await makeCa(order, caller);
  } catch (error) {
    if (hasCode(error, 'CA_DIRECTORY_EXISTS') && (await hasCa(order.directory))) return undefined;
    throw error;
  }
}
