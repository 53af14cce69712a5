// A CA's backup, and a CA from one.
export { backUp } from './back-up.ts';
export type { BackUp, BackupLock } from './back-up.ts';
export { restoreBackup } from './restore-backup.ts';
export type { RestoredCa, RestoreOrder } from './restore-backup.ts';
