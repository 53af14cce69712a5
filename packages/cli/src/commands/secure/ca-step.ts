import { DEFAULT_CA_NAME, hasCa, makeCa } from '@docker-mtls/authority';
import type { MadeCa } from '@docker-mtls/authority';
import type { Authority, KeyType } from '@docker-mtls/ca';
import type { Args } from '../../command-line/args.ts';
import { callerOf } from '../../io/caller.ts';
import type { Io } from '../../io/io.ts';
import { hasCode } from '@docker-mtls/errors';
import { passphraseForNewKey } from '../../ca/passphrase.ts';
import type { Step } from './step.ts';

export type CaStepOrder = {
  readonly args: Args;
  readonly io: Io;
  readonly directory: string;
  readonly keyType?: KeyType | undefined;
};

export type CaOutcome = {
  readonly step: Step;
  /** The CA, where it was made just now. */
  readonly authority?: Authority;
};

/** Makes a CA where there is none yet. */
export async function caStep({ args, io, directory, keyType }: CaStepOrder): Promise<CaOutcome> {
  if (await hasCa(directory)) return kept(directory);
  const name = args.text('ca-name') ?? DEFAULT_CA_NAME;
  const passphrase = (): ReturnType<typeof passphraseForNewKey> => passphraseForNewKey(args, io);
  const made = await makeCa({ directory, name, keyType, passphrase }, callerOf(io)).catch(
    async (error: unknown) => {
      // Another run has made it meanwhile.
      if (hasCode(error, 'STORE_EXISTS') && (await hasCa(directory))) return undefined;
      throw error;
    },
  );
  return made === undefined ? kept(directory) : justMade(directory, made);
}

function kept(directory: string): CaOutcome {
  return { step: { step: 'ca', outcome: 'kept', line: `CA in ${directory}` } };
}

function justMade(directory: string, { authority, encrypted }: MadeCa): CaOutcome {
  const key = encrypted ? 'encrypted' : 'not encrypted: guard that folder';
  const line = `CA made in ${directory}; its key is ${key}`;
  return { step: { step: 'ca', outcome: 'made', line }, authority };
}
