import { VERSION } from '../command-line/version.ts';

/** What the Docker CLI asks a plugin for: docker/cli cli-plugins/manager/metadata.go. */
const REQUEST = 'docker-cli-plugin-metadata';

export function isMetadataRequest(argv: readonly string[]): boolean {
  return argv.length === 1 && argv[0] === REQUEST;
}

/** The answer: one JSON object, made without touching the disk or the network, as `docker --help` asks every plugin. */
export function pluginMetadata(): string {
  const metadata = {
    // The only schema that Docker CLIs before 28.4.1 accept.
    SchemaVersion: '0.1.0',
    Vendor: 'docker-mtls',
    Version: `v${VERSION}`,
    ShortDescription: 'Certificate authority and mutual TLS',
  };
  return `${JSON.stringify(metadata)}\n`;
}
