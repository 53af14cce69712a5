import fs from 'node:fs';
import path from 'node:path';
import type { EngineFiles } from '@docker-mtls/daemon-config';
import { readFile, readFileIfExists, replaceFile } from '@docker-mtls/files';
import type { Entry } from '@docker-mtls/store';
import { keepAside } from './keep-aside.ts';

/**
 * Brings a server's pair to where the engine reads it, when that is a copy: what stood there is kept aside, as is its
 * mode and owner. Which CAs the engine trusts is no part of its pair.
 */
export function bringPair({ directory = '' }: Entry, engine: EngineFiles, now: Date): void {
  bringFile(path.join(directory, 'server-key.pem'), engine.key, now);
  bringFile(path.join(directory, 'server-cert.pem'), engine.certificate, now);
}

function bringFile(source: string, target: string, now: Date): void {
  const bytes = readFile(source);
  if (readFileIfExists(target)?.equals(bytes) === true) return;
  const access = fs.statSync(target);
  keepAside(target, access, now);
  replaceFile(target, bytes, access);
}
