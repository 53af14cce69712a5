import { issuePair } from '@docker-mtls/authority';
import type { PairOrder } from '@docker-mtls/authority';
import { isMtlsError, MtlsError } from '@docker-mtls/errors';
import { layoutFiles } from '@docker-mtls/secure/pair';
import type { Args } from '../command-line/args.ts';
import type { Report } from '../command-line/command.ts';
import { checkOut, copyOut, outLayout } from './copy-out.ts';
import type { Io } from '../io/io.ts';
import { csrOf, keyTypeOf, lifetimeOf } from '../command-line/order.ts';
import { pairJson, pairText } from './pair-report.ts';
import { withCliSession } from '../ca/session.ts';

/** What a server's order and a client's have in common on the command line. */
export function commonOrder(args: Args, io: Io): Pick<PairOrder, 'csr' | 'lifetime' | 'keyType' | 'force'> {
  return {
    csr: csrOf(args, io),
    lifetime: lifetimeOf(args),
    keyType: keyTypeOf(args),
    force: args.flag('force') === true,
  };
}

/** Issues a pair, copies it to where `--out` says, and reports; `next` is the command that comes after. */
export function issueAndReport(
  args: Args,
  io: Io,
  order: PairOrder & { readonly next: string },
): Promise<Report> {
  const { kind, name, csr, force, next } = order;
  const layout = outLayout(args);
  return withCliSession(args, io, async (session) => {
    const caDirectory = session.reader.directory;
    checkOut(args, io, { kind, layout, withKey: csr === undefined, caDirectory, force });
    const pair = await issuePair(session, order);
    const copied = afterIssue(pair.directory, () =>
      copyOut(args, io, { ...pair, to: layoutFiles(kind, layout) }),
    );
    const title = `Issued the ${kind} pair of ${name}`;
    return {
      json: { name, ...pairJson(pair), ...copied.json },
      text: `${pairText(title, pair, io.now())}${copied.text}next: ${next}\n`,
    };
  });
}

/** The same command would be refused now: what it did has to be known. */
function afterIssue<T>(directory: string, copy: () => T): T {
  try {
    return copy();
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    throw new MtlsError(error.code, `the pair was issued to ${directory}, but not copied: ${error.message}`, {
      hint: `${error.hint ?? 'fix the cause'}; then copy the files, or issue another pair with --force`,
      cause: error,
    });
  }
}
