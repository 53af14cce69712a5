/** What a terminal needs in order to use one engine as one client. */
export type DockerEnvironment = {
  /** `tcp://host:port`. */
  readonly host: string;
  /** The folder with ca.pem, cert.pem and key.pem; absolute. */
  readonly certificates: string;
};

/** The variables that the Docker CLI, Compose and the SDKs read, as they are passed to a program. */
export function dockerVariables({ host, certificates }: DockerEnvironment): Readonly<Record<string, string>> {
  return { DOCKER_HOST: host, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates };
}

/** Their names. */
export const DOCKER_VARIABLES: readonly string[] = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'];
