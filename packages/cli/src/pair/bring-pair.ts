import fs from 'node:fs';
import path from 'node:path';
import { folderOf } from '@docker-mtls/authority';
import type { EngineFiles } from '@docker-mtls/daemon-config';
import { readFileIfExists, replaceFile } from '@docker-mtls/files';
import type { Entry } from '@docker-mtls/store';
import { keepAside } from './keep-aside.ts';

/**
 * Brings a server's pair to where the engine reads it, when that is a copy: what stood there is kept aside, as is its
 * mode and owner. Which CAs the engine trusts is no part of its pair.
 */
export function bringPair(server: Entry, engine: EngineFiles, now: Date): void {
  const read = (name: string): Buffer => server.read(path.join(folderOf(server), name));
  bringFile(read('server-key.pem'), engine.key, now);
  bringFile(read('server-cert.pem'), engine.certificate, now);
}

function bringFile(bytes: Buffer, target: string, now: Date): void {
  if (readFileIfExists(target)?.equals(bytes) === true) return;
  const access = fs.statSync(target);
  keepAside(target, access, now);
  replaceFile(target, bytes, access);
}
