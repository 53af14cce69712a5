import { publishPrepared, requireCurrent } from '@docker-mtls/authority';
import type { IssuedPair, PreparedPair, Session } from '@docker-mtls/authority';
import type { EngineFiles } from '@docker-mtls/daemon-config';
import type { PairChange } from '@docker-mtls/engine';
import { bringPair } from './bring-pair.ts';
import { copiedFiles } from './copy-pair.ts';

export type NewPair = {
  readonly session: Session;
  /** A folder that gets a copy of its files. */
  readonly out: string | undefined;
  readonly name: string;
  /** The files that the engine serves with now, and whether it will go on to read those. */
  readonly engine: EngineFiles;
  readonly staysThere: boolean;
  /** Absent when the pair in force only has to be copied. */
  readonly prepared?: PreparedPair | undefined;
  /** Copies it to where people asked for it. */
  readonly copy: (issued: IssuedPair | undefined) => Promise<void>;
};

/** A server's new pair on its way to the engine: issued, copied, and brought to where the engine reads it. */
export async function pairChange({
  session,
  out,
  name,
  engine,
  staysThere,
  prepared,
  copy,
}: NewPair): Promise<PairChange> {
  const { caller, reader } = session;
  const { serial } = await requireCurrent(reader, 'server', name);
  return {
    engine,
    copies: out === undefined ? [] : copiedFiles(out, 'server'),
    ...(prepared && { record: { directory: reader.directory, name, serial } }),
    publish: async () => {
      await copy(prepared && (await session.exclusive((store) => publishPrepared(store, prepared, session))));
      if (staysThere) bringPair(await requireCurrent(reader, 'server', name), engine, caller.now());
    },
  };
}
