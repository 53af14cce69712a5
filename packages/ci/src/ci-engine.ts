import { parseEngineHost } from '@docker-mtls/bundle';
import { isMtlsError, quote } from '@docker-mtls/errors';
import { CiError } from './error.ts';

/** An environment that a pipeline deploys to, and its engine. */
export type CiEngine = {
  /** `uat`, `prod`: what the server calls the environment, and part of names there. */
  readonly environment: string;
  /** `tcp://HOST:PORT`. */
  readonly url: string;
};

// What a compose project, a Jenkins id and a GitLab scope all take.
const ENVIRONMENT = /^[a-z][a-z0-9-]{0,30}$/;
const HINT = 'write ENVIRONMENT=tcp://HOST:PORT, such as uat=tcp://uat.example.com:2376';

/** `uat=tcp://uat.example.com:2376`; without a scheme it is tcp, without a port 2376. Code: `CI_ENGINE_INVALID`. */
export function parseCiEngine(text: string): CiEngine {
  const split = text.indexOf('=');
  const environment = text.slice(0, split);
  if (split < 0) throw refused(text, 'names no environment');
  if (!ENVIRONMENT.test(environment))
    throw refused(text, 'has an environment that is not a short lower-case word');
  if (environment === 'test')
    throw refused(text, 'is called test, which is what the pipeline calls its own tests');
  return { environment, url: engineUrl(text, text.slice(split + 1)) };
}

function engineUrl(text: string, host: string): string {
  try {
    return parseEngineHost(host).url;
  } catch (error) {
    if (isMtlsError(error)) throw refused(text, 'has no address of an engine', error);
    throw error;
  }
}

function refused(text: string, why: string, cause?: unknown): CiError {
  return new CiError('CI_ENGINE_INVALID', `the engine ${quote(text)} ${why}`, { hint: HINT, cause });
}
