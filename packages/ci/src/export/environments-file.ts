import path from 'node:path';
import { isMtlsError } from '@docker-mtls/errors';
import { PUBLIC_FILE, readFileIfExists, replaceFile } from '@docker-mtls/files';
import { parseCiEngine } from '../ci-engine.ts';
import type { CiEngine } from '../ci-engine.ts';
import { CiError } from '../error.ts';

/** The folder that is exported into where nobody says another. */
export const DEFAULT_OUT = 'docker-mtls-ci';

/**
 * The environments of earlier exports into a folder, in their order. The pipeline deploys to all of them, and the
 * credentials themselves are removed once the server has them. Code: `CI_ENGINE_INVALID`.
 */
export function readEnvironments(out: string): readonly CiEngine[] {
  const file = fileIn(out);
  const bytes = readFileIfExists(file);
  if (bytes === undefined) return [];
  try {
    const parsed = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
    return Object.entries(parsed).map(([environment, url]) => parseCiEngine(`${environment}=${String(url)}`));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError) && !isMtlsError(error)) throw error;
    throw new CiError('CI_ENGINE_INVALID', `${file} does not list environments: ${error.message}`, {
      hint: 'fix it, or remove it and export every environment again',
      cause: error,
    });
  }
}

/** The same with what is exported now; an environment that is exported again has its new engine. */
export function withEnvironments(
  earlier: readonly CiEngine[],
  engines: readonly CiEngine[],
): readonly CiEngine[] {
  const all = [...earlier, ...engines].map((engine) => [engine.environment, engine] as const);
  return [...new Map(all).values()];
}

export function writeEnvironments(out: string, engines: readonly CiEngine[]): void {
  if (engines.length === 0) return;
  const urls = Object.fromEntries(engines.map(({ environment, url }) => [environment, url]));
  replaceFile(fileIn(out), `${JSON.stringify(urls, undefined, 2)}\n`, PUBLIC_FILE);
}

function fileIn(out: string): string {
  return path.join(out, 'environments.json');
}
