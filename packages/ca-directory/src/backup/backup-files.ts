// What a backup has, by the paths in it. Certificates and lists are in the registry.

export const REGISTRY_FILE = 'registry.db';
export const README_FILE = 'README.md';
export const PROFILE_FILES: readonly string[] = [
  'profiles/ca.json',
  'profiles/client.json',
  'profiles/server.json',
];

/** The name of a CA's key file: the one it started with, or that of a key identifier (or, without one, a serial). */
export const KEY_FILE: RegExp = /^(?:ca-key|[0-9a-f]{1,64})\.pem$/;
const AUTHORITY_KEY = /^private\/(?:ca-key|[0-9a-f]{1,64})\.pem$/;
const PAIR_KEY = /^pairs\/[0-9a-f]{1,64}\.pem$/;

/** A pair's key by the serial of its certificate: the name of its folder is in the registry. */
export function pairKeyFile(serial: string): string {
  return `pairs/${serial}.pem`;
}

/** Can a backup have a file of that path? */
export function belongsInBackup(path: string): boolean {
  return (
    path === REGISTRY_FILE ||
    path === README_FILE ||
    PROFILE_FILES.includes(path) ||
    AUTHORITY_KEY.test(path) ||
    PAIR_KEY.test(path)
  );
}
