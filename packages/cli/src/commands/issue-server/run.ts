import type { Args } from '../../args.ts';
import type { Report } from '../../command.ts';
import type { Io } from '../../io.ts';
import { issuePair } from '../../issue-pair.ts';
import { csrOf, keyTypeOf, lifetimeOf, serverNamesOf } from '../../order.ts';
import { checkOut, copyOut } from '../../copy-out.ts';
import { pairJson, pairText } from '../../pair-report.ts';
import { withSession } from '../../session.ts';
import { shellWord } from '../../words.ts';

/** Issues the pair that an engine shows to its clients. */
export function run(args: Args, io: Io): Promise<Report> {
  const { name, sans } = serverNamesOf(args, io);
  const order = {
    kind: 'server' as const,
    name,
    groups: [],
    sans,
    csr: csrOf(args, io),
    lifetime: lifetimeOf(args),
    keyType: keyTypeOf(args),
    force: args.flag('force') === true,
  };
  return withSession(args, io, async (session) => {
    const { csr, force } = order;
    checkOut(args, io, {
      kind: order.kind,
      withKey: csr === undefined,
      caDirectory: session.reader.directory,
      force,
    });
    const pair = await issuePair(session, order);
    const copied = copyOut(args, io, pair);
    const next = `next: docker-mtls daemon-config --server ${shellWord(name)}\n`;
    return {
      json: { name, ...pairJson(pair), ...copied.json },
      text: pairText(`Issued the server pair of ${name}`, pair, io.now()) + copied.text + next,
    };
  });
}
