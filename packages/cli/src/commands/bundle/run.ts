import path from 'node:path';
import type { NamedFile } from '@docker-mtls/bundle';
import type { Entry } from '@docker-mtls/store';
import type { Args } from '../../args.ts';
import { clientFiles } from '../../client-files.ts';
import type { Report } from '../../command.ts';
import { hasKey, requireCurrent } from '../../current-entry.ts';
import type { Io } from '../../io.ts';
import { passphraseForBundle } from '../../passphrase.ts';
import { withSession } from '../../session.ts';
import { checkBundlePlace, isEarlierBundle, writeBundle } from '../../write-bundle.ts';
import type { MayReplace } from '../../write-bundle.ts';
import { bundleOrderOf } from './order.ts';
import type { BundleOrder } from './order.ts';
import { packOrder } from './pack.ts';
import type { BundleLock } from './pack.ts';
import { bundleReport } from './report.ts';

/** Packs a client's files into an archive to hand over. */
export function run(args: Args, io: Io): Promise<Report> {
  const order = bundleOrderOf(args);
  return withSession(args, io, async ({ reader }) => {
    const client = requireCurrent(reader, 'client', order.name);
    const files = clientFiles(client);
    const packed = await packOrder(order, files, await lockOf(order, args, io));
    const [first] = packed;
    if (order.output === '-' && first !== undefined) return { json: {}, text: '', bytes: first.data };
    return bundleReport({
      order,
      client,
      withKey: hasKey(client),
      written: writeAll({ order, client, packed, io }),
    });
  });
}

async function lockOf(order: BundleOrder, args: Args, io: Io): Promise<BundleLock> {
  const { recipients } = order;
  if (!order.encrypt && order.form !== 'p12') return { recipients };
  return { recipients, passphrase: await passphraseForBundle(args, io) };
}

type Writing = {
  readonly order: BundleOrder;
  readonly client: Entry;
  readonly packed: readonly NamedFile[];
  readonly io: Io;
};

/**
 * All of them or none: what stands in the way of one is found before another is written. What this client was handed
 * before is not in the way.
 */
function writeAll({
  order: { output, force },
  client,
  packed,
  io,
}: Writing): readonly { readonly file: string; readonly bytes: number; readonly written: boolean }[] {
  const mayReplace: MayReplace = (old) => force || isEarlierBundle(old, client);
  const places = packed.map(({ name, data }) => ({ file: path.resolve(io.cwd, output ?? name), data }));
  if (places.length > 1) {
    for (const { file, data } of places)
      checkBundlePlace(file, (old) => mayReplace(old) || old?.equals(data) === true);
  }
  return places.map(({ file, data }) => ({
    file,
    bytes: data.length,
    written: writeBundle(file, data, mayReplace),
  }));
}
