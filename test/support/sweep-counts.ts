import fs from 'node:fs';

/**
 * Appends a line of JSON with what a sweep has tried and seen to the file that `DOCKER_MTLS_SWEEP_COUNTS` names, if any.
 * The reports of a test run say only whether all was well.
 */
export function countSweep(sweep: string, counts: Readonly<Record<string, number>>): void {
  const file = process.env['DOCKER_MTLS_SWEEP_COUNTS'];
  if (file !== undefined) fs.appendFileSync(file, `${JSON.stringify({ sweep, ...counts })}\n`);
}
