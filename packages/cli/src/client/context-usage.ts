import { hostOverride } from '@docker-mtls/context';
import type { Io } from '../io/io.ts';
import { problemText } from '../printing/problem-text.ts';

/** The ways to use a context, for one terminal and for all, and what is in the way of them in this one. */
export function contextUsage(name: string, { env }: Io): string {
  const override = hostOverride(env);
  return `  one command    docker --context ${name} version
  one terminal   export DOCKER_CONTEXT=${name}
  all terminals  docker-mtls context use ${name}
${override === undefined ? '' : problemText('here', override)}`;
}
