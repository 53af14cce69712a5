export { MtlsError, hasCode, isMtlsError } from './mtls-error.ts';
export type { MtlsErrorOptions } from './mtls-error.ts';
