declare const DOCKER_MTLS_VERSION: string | undefined;

/** Put in by the bundler; `0.0.0-dev` when the sources run as they are. */
export const VERSION: string = typeof DOCKER_MTLS_VERSION === 'string' ? DOCKER_MTLS_VERSION : '0.0.0-dev';
