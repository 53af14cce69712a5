import { parseDuration } from '@docker-mtls/ca';
import type { Args } from './args.ts';
import { UsageError } from './usage-error.ts';

const PATIENCE_SECONDS = 5;
const LONGEST_SECONDS = 600;

/** Milliseconds that an address may take. */
export function patienceOf(args: Args): number {
  const text = args.text('timeout');
  const seconds = text === undefined ? PATIENCE_SECONDS : parseDuration(text);
  if (seconds !== undefined && seconds > 0 && seconds <= LONGEST_SECONDS) return seconds * 1000;
  throw new UsageError(`--timeout ${text} is not a time from 1s to 10m`, 'write it as 5s or 20s');
}
