// The audit log of an engine: what its records say, besides the chain that they form.
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
export { CURRENT_FILE, firstSequenceOf, rotatedFiles, rotatedName } from './log-files.ts';
export type { Filter } from './query.ts';
export { query } from './query.ts';
export { REDACTED, redactBody, redactHeaders, redactUri } from './redact.ts';
