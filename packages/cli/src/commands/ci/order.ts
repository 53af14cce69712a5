import { parseClientName } from '@docker-mtls/ca';
import { parseCiEngine } from '@docker-mtls/ci';
import type { CiEngine, CiTarget } from '@docker-mtls/ci';
import type { Args } from '../../command-line/args.ts';
import { groupsOf, lifetimeOf } from '../../command-line/order.ts';
import { UsageError } from '../../command-line/usage-error.ts';

/** What is to be exported, with every word already checked. */
export type CiOrder = {
  readonly name: string;
  readonly target: CiTarget;
  /** Empty where the credentials are for no particular environment. */
  readonly engines: readonly CiEngine[];
  /** Seconds, of a pair that has to be issued. */
  readonly lifetime: number;
  readonly groups: readonly string[];
  readonly force: boolean;
};

/** A server keeps what it is given; what leaks from there is of use for a month at most. */
const DEFAULT_LIFETIME = 30 * 24 * 60 * 60;

export function ciOrderOf(args: Args): CiOrder {
  const target = args.text('for');
  if (target === undefined) throw new UsageError('--for is missing', 'give --for jenkins, github or gitlab');
  return {
    name: parseClientName(args.text('name') ?? ''),
    target: target as CiTarget,
    engines: enginesOf(args),
    lifetime: lifetimeOf(args) ?? DEFAULT_LIFETIME,
    groups: groupsOf(args),
    force: args.flag('force') === true,
  };
}

function enginesOf(args: Args): readonly CiEngine[] {
  const engines = args.list('engine').map(parseCiEngine);
  const environments = engines.map(({ environment }) => environment);
  const twice = environments.find((each, index) => environments.indexOf(each) !== index);
  if (twice === undefined) return engines;
  throw new UsageError(`two engines are called ${JSON.stringify(twice)}`, 'an environment has one engine');
}
