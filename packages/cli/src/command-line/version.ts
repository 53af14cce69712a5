import { isSingleExecutable } from '../io/single-executable.ts';

declare const DOCKER_MTLS_VERSION: string | undefined;

/** Put in by the bundler; `0.0.0-dev` when the sources run as they are. */
export const VERSION: string = typeof DOCKER_MTLS_VERSION === 'string' ? DOCKER_MTLS_VERSION : '0.0.0-dev';

/** The answer to `--version`. The single executable brings its own Node, whose faults are its own too. */
export function versionText(): string {
  const node = isSingleExecutable() ? `, with Node.js ${process.versions.node}` : '';
  return `${VERSION}${node}\n`;
}
