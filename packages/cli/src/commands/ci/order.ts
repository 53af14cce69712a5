import { parseClientName } from '@docker-mtls/ca';
import { parseCiEngine } from '@docker-mtls/ci';
import type { CiEngine, CiOrder, CiTarget } from '@docker-mtls/ci';
import type { Args } from '../../command-line/args.ts';
import { groupsOf, lifetimeOf } from '../../command-line/order.ts';
import { UsageError } from '../../command-line/usage-error.ts';

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
  const engines = args.list('engine').map((text) => parseCiEngine(text));
  const environments = engines.map(({ environment }) => environment);
  const twice = environments.find((each, index) => environments.indexOf(each) !== index);
  if (twice === undefined) return engines;
  throw new UsageError(`two engines are called ${JSON.stringify(twice)}`, 'an environment has one engine');
}
