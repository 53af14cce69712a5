import fs from 'node:fs';
import { unlessRefused } from '@docker-mtls/errors';
import { PUBLIC_FILE, readFileIfExists, replaceFile } from '@docker-mtls/files';
import { engineStarts } from './engine-starts.ts';
import { realPathOf } from './real-path.ts';

/** In /run, which ends when the machine stops: as the engine does that has read the file. Only root makes files there. */
const RECORD = '/run/docker-mtls.reloaded.json';
const LARGEST_RECORD = 100_000;

/** When each daemon.json that an engine was told to read again had changed last, in milliseconds since 1970. */
type Reloads = Readonly<Record<string, unknown>>;

/** Milliseconds since 1970: when the file or a link to it last changed. Its owner can set mtime, but not ctime. */
export function changedAt(file: string): number | undefined {
  try {
    return Math.max(fs.statSync(file).ctimeMs, fs.lstatSync(file).ctimeMs);
  } catch {
    return undefined;
  }
}

/** Has a daemon.json stayed as its engine read it, at its start or when docker-mtls had it read again? */
export function isAsRead(config: string, record: string = RECORD): boolean {
  const changed = changedAt(config);
  const start = Math.min(...engineStarts(config));
  return changed === undefined || changed <= start || readReloads(record)[realPathOf(config)] === changed;
}

/**
 * For a change of keys that a reload brings into force: notes that the engine has read this daemon.json again and goes by
 * all of it. To be called before the change; what it returns, right after that; and what this returns, after the reload.
 * What somebody has changed meanwhile the engine has not read. Without the note, a restart is advised that nothing needs.
 */
export function reloadRecorder(config: string, record: string = RECORD): () => () => void {
  const wasRead = isAsRead(config, record);
  return () => {
    const changed = changedAt(config);
    return () => {
      if (!wasRead) return;
      const reloads = { ...readReloads(record), [realPathOf(config)]: changed };
      unlessRefused(() => replaceFile(record, `${JSON.stringify(reloads)}\n`, PUBLIC_FILE));
    };
  };
}

function readReloads(record: string): Reloads {
  try {
    const reloads: unknown = JSON.parse(readFileIfExists(record, LARGEST_RECORD)?.toString('utf8') ?? '{}');
    return reloads !== null && typeof reloads === 'object' ? { ...reloads } : {};
  } catch {
    return {};
  }
}
