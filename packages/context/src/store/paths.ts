import { hash } from 'node:crypto';
import path from 'node:path';

/** The only kind of endpoint that the Docker CLI still makes. */
const ENDPOINT = 'docker';

/** The folder of the Docker CLI's configuration: `$DOCKER_CONFIG`, else `~/.docker`. */
export function dockerConfigDirectory(env: NodeJS.ProcessEnv, home: string): string {
  const { DOCKER_CONFIG: chosen } = env;
  return chosen === undefined || chosen === '' ? path.join(home, '.docker') : chosen;
}

/** docker/cli cli/context/store/store.go, contextdirOf: the SHA-256 of the name. */
export function contextId(name: string): string {
  return hash('sha256', name);
}

export function configFile(directory: string): string {
  return path.join(directory, 'config.json');
}

export function contextsRoot(directory: string): string {
  return path.join(directory, 'contexts');
}

export function metaRoot(directory: string): string {
  return path.join(contextsRoot(directory), 'meta');
}

export function metaFolder(directory: string, name: string): string {
  return path.join(metaRoot(directory), contextId(name));
}

export function metaFile(directory: string, name: string): string {
  return path.join(metaFolder(directory, name), 'meta.json');
}

export function tlsRoot(directory: string): string {
  return path.join(contextsRoot(directory), 'tls');
}

export function tlsFolder(directory: string, name: string): string {
  return path.join(tlsRoot(directory), contextId(name));
}

export function endpointFolder(directory: string, name: string): string {
  return path.join(tlsFolder(directory, name), ENDPOINT);
}
