export type { ChainRecord, Link, ReadLine } from './chain.ts';
export { append, GENESIS, readLine, recordOf, sequenceOf } from './chain.ts';
export type { Checkpoint } from './checkpoint.ts';
export { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
export { toCsv } from './csv.ts';
export type {
  AuditRecord,
  ChangeRecord,
  DecisionRecord,
  OutcomeRecord,
  What,
  Who,
} from './decision-record.ts';
export { AuditError } from './error.ts';
export type { AuditErrorCode } from './error.ts';
export { CURRENT_FILE, firstSequenceOf, rotatedFiles, rotatedName } from './log-files.ts';
export type { Filter } from './query.ts';
export { query } from './query.ts';
export { REDACTED, redactBody, redactHeaders, redactUri } from './redact.ts';
export type { FaultKind, Verification, VerifyOrder } from './verify.ts';
export { verify } from './verify.ts';
