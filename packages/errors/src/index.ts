export type { Caller, Note } from './caller.ts';
export type { Finding, Severity } from './finding.ts';
export { MtlsError, hasCode, isMtlsError } from './mtls-error.ts';
export type { MtlsErrorOptions } from './mtls-error.ts';
export { escapeUnprintable, isPlain, quote, quoteJson, unicodePattern } from './printable.ts';
export { shellWord } from './shell-word.ts';
export { orRefused, orRefusedLater, refusalOf, unlessRefused } from './unless-refused.ts';
