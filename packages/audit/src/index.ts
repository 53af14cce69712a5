export type { ChainRecord, Link, ReadLine } from './chain.ts';
export { append, GENESIS, readLine, recordOf, sequenceOf } from './chain.ts';
export { AuditError } from './error.ts';
export type { AuditErrorCode } from './error.ts';
export type { FaultKind, Verification, VerifyOrder } from './verify.ts';
export { verify } from './verify.ts';
