import { quote } from '@docker-mtls/errors';
import type { Link } from './chain.ts';
import { AuditError } from './error.ts';

/**
 * What is kept of a chain outside of it, so that a shorter or rewritten one shows: the last record's number and hash, and how many
 * records there were.
 */
export type Checkpoint = Link & { readonly count: number };

const TEXT = /^([0-9]{1,15}):([0-9a-f]{64}):([0-9]{1,15})$/;

export function formatCheckpoint({ sequence, hash, count }: Checkpoint): string {
  return `${sequence}:${hash}:${count}`;
}

export function parseCheckpoint(text: string): Checkpoint {
  const [, sequence, hash, count] = TEXT.exec(text) ?? [];
  if (hash === undefined) {
    throw new AuditError('AUDIT_CHECKPOINT_INVALID', `${quote(text)} is not a checkpoint`, {
      hint: 'use a checkpoint as it was printed: SEQUENCE:HASH:COUNT',
    });
  }
  return { sequence: Number(sequence), hash, count: Number(count) };
}
