import path from 'node:path';
import { LEAF_FILES } from '@docker-mtls/ca-directory';
import type { LeafKind } from '@docker-mtls/registry';

/** How the folder of `--out` is laid out: as here, or as the entry point of Docker-in-Docker reads it. */
export type OutLayout = 'flat' | 'dind';

/** Paths below that folder. The CA's certificate has more than one place in some layouts. */
export type OutFiles = {
  readonly ca: readonly string[];
  readonly certificate: string;
  readonly key: string;
};

/**
 * Where a pair's files go. Docker-in-Docker (docker-library/docker, dockerd-entrypoint.sh) has a folder for each part
 * in `$DOCKER_TLS_CERTDIR`. It only verifies a server's pair that is there; older ones make a CA of their own where
 * `ca/cert.pem` is missing, and all of them where they find `ca/key.pem`.
 */
export function layoutFiles(kind: LeafKind, layout: OutLayout): OutFiles {
  const { ca, certificate, key } = LEAF_FILES[kind];
  if (layout === 'flat') return { ca: [ca], certificate, key };
  const own = (name: string): string => path.join(kind, name);
  return { ca: [DIND_CA, own('ca.pem')], certificate: own('cert.pem'), key: own('key.pem') };
}

const DIND_CA = path.join('ca', 'cert.pem');

/** With this file the entry point would sign for a server of its own, over ours. */
export const DIND_CA_KEY: string = path.join('ca', 'key.pem');
