import type { IssuedOne } from '@docker-mtls/authority/from-list';
import { counted } from '@docker-mtls/text';
import type { Args } from '../command-line/args.ts';
import type { Report } from '../command-line/command.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** A pair of a list that was just issued: for people its name, for programs more of it. */
export type ListedIssue = { readonly name: string } & Partial<
  Record<'serial' | 'notAfter' | 'directory', string>
>;

/** What the report needs of each pair. */
export function keptOf(args: Args): (pair: IssuedOne) => ListedIssue {
  return args.flag('json') === true ? listedIssue : ({ name }) => ({ name });
}

function listedIssue({ name, certificate: { info }, directory }: IssuedOne): ListedIssue {
  return { name, serial: info.serial, notAfter: info.notAfter.toISOString(), directory };
}

/** These mean one pair. */
export function refuseForOne(args: Args, options: readonly string[]): void {
  const given = options.find((option) => args.list(option).length > 0 || args.flag(option) === true);
  if (given !== undefined)
    throw new UsageError(`--${given} is for one pair, and --names for many`, 'omit one of them');
}

export type IssuedList = {
  readonly kind: 'server' | 'client';
  readonly names: readonly string[];
  readonly issued: readonly ListedIssue[];
  readonly directory: string;
  readonly next: string;
};

export function listReport({ kind, names, issued, directory, next }: IssuedList): Report {
  const isNew = new Set(issued.map(({ name }) => name));
  const kept = names.filter((name) => !isNew.has(name));
  const had = kept.length === 0 ? '' : `, and kept ${counted(kept.length, 'that was', 'that were')} there`;
  const pairs = counted(issued.length, `${kind} pair`, `${kind} pairs`);
  return {
    json: { names: names.length, issued, kept },
    text: `Issued ${pairs} in ${directory}${had}\nnext: ${next}\n`,
  };
}
