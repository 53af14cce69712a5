import type { Outcome } from '../main.ts';

const REFUSED = 1;

/**
 * What is said instead of all else by a Node that the program cannot run on, whose own words would be a page of
 * minified source: distributions have such. `undefined` where it can.
 */
export function refuseOldNode(
  argv: readonly string[],
  { version, getBuiltinModule }: NodeFacts,
): Outcome | undefined {
  if (getBuiltinModule !== undefined) return undefined;
  const error = {
    code: 'NODE_TOO_OLD',
    message: `this is Node ${version.slice(1)}, which is too old for docker-mtls`,
    hint: 'it takes Node 20.19, 22.12, 24 or later; that of a distribution may be older',
  };
  if (argv.includes('--json'))
    return { stdout: `${JSON.stringify({ error })}\n`, stderr: '', exitCode: REFUSED };
  const stderr = `docker-mtls: error: ${error.message}\nhint: ${error.hint}\n`;
  return { stdout: '', stderr, exitCode: REFUSED };
}

/** Of `process`: what the program's parts are loaded with came with Node 20.16 and 22.3. */
type NodeFacts = { readonly version: string; readonly getBuiltinModule?: unknown };
