import { randomInt } from 'node:crypto';
import { formatCheckpoint } from '@docker-mtls/audit/log';
import type { ChainRecord, Link } from '@docker-mtls/audit';
import type { AuditRecord, Checkpoint } from '@docker-mtls/audit/log';
import type { LogFile } from './log-file.ts';

/** Records, each written before the answer that it is about, and on the disk soon after or before that. */
export type AuditLog = {
  /** Throws where the record cannot be written, or earlier ones did not reach the disk. */
  readonly write: (record: AuditRecord) => void;
  /** For what no answer waits for: it is written with the next record, or before the next sync. */
  readonly add: (record: AuditRecord) => void;
  /** Resolves when all that was written is on the disk. */
  readonly synced: () => Promise<void>;
  readonly last: () => Checkpoint;
  readonly close: () => void;
};

const SYNC_AFTER_MS = 100;
const RETRY_AFTER_MS = 1000;
/** A checkpoint is printed after so many records, or so long after the first one that it covers. */
const CHECKPOINT_RECORDS = 1000;
const CHECKPOINT_AFTER_MS = 60_000;

type Waiter = {
  readonly sequence: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

/** `checkpoint` is told the end of the chain from time to time, once it is on the disk. */
export function auditLog(file: LogFile, checkpoint: (text: string) => void): AuditLog {
  let failure: Error | undefined;
  let onDisk = file.last().sequence;
  let told = onDisk;
  let toldAt = performance.now();
  let isOpen = true;
  let isSyncing = false;
  let isSynced = true;
  let timer: NodeJS.Timeout | undefined;
  let waiters: readonly Waiter[] = [];

  const sync = async (): Promise<void> => {
    if (isSyncing || !isOpen) return;
    isSyncing = true;
    isSynced = true;
    clearTimeout(timer);
    timer = undefined;
    try {
      file.flush();
      const end = file.last();
      await file.sync();
      failure = undefined;
      onDisk = end.sequence;
      tell(end);
    } catch (error) {
      failure = asError(error);
      for (const { reject } of waiters) reject(failure);
      waiters = [];
    } finally {
      isSyncing = false;
    }
    for (const { sequence, resolve } of waiters) if (sequence <= onDisk) resolve();
    waiters = waiters.filter(({ sequence }) => sequence > onDisk);
    if (waiters.length > 0) void sync();
    else if (failure !== undefined) schedule(RETRY_AFTER_MS);
    else if (!isSynced) schedule(SYNC_AFTER_MS);
  };
  const schedule = (delay: number): void => {
    // A sync that takes longer schedules the next one itself.
    if (!isSyncing && isOpen) timer ??= setTimeout(() => void sync(), delay);
  };
  const tell = (end: Link): void => {
    const isDue =
      end.sequence - told >= CHECKPOINT_RECORDS || performance.now() - toldAt >= CHECKPOINT_AFTER_MS;
    if (!isDue || end.sequence === told) return;
    told = end.sequence;
    toldAt = performance.now();
    checkpoint(formatCheckpoint(checkpointOf(end)));
  };
  const add = (record: AuditRecord): void => {
    if (!isOpen) throw new Error('the audit log is closed');
    if (failure !== undefined) throw failure;
    file.add(record as unknown as ChainRecord);
    isSynced = false;
    schedule(SYNC_AFTER_MS);
  };
  return {
    add,
    write: (record) => {
      add(record);
      file.flush();
    },
    synced: () =>
      new Promise((resolve, reject) => {
        waiters = [...waiters, { sequence: file.last().sequence, resolve, reject }];
        void sync();
      }),
    last: () => checkpointOf(file.last()),
    close: () => {
      clearTimeout(timer);
      isOpen = false;
      try {
        file.flush();
      } finally {
        file.close();
        checkpoint(formatCheckpoint(checkpointOf(file.last())));
      }
    },
  };
}

/** A chain begins with number 1 and misses none. */
function checkpointOf(end: Link): Checkpoint {
  return { ...end, count: end.sequence };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

const IDS = 2 ** 24;
/** Odd, so that all numbers come up before one comes again; large, so that they do not look like a count. */
const STEP = 0x9e37_79;

/** Identifies decisions: 6 hexadecimal digits, none of them twice among 16 million. */
export function auditIds(): () => string {
  let number = randomInt(IDS);
  return () => {
    number = (number + STEP) % IDS;
    return number.toString(16).padStart(6, '0');
  };
}
