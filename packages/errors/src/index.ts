export { escapeUnprintable, isPlain, quote, quoteJson } from './printable.ts';
export { MtlsError, hasCode, isMtlsError } from './mtls-error.ts';
export type { MtlsErrorOptions } from './mtls-error.ts';
export { shellWord } from './shell-word.ts';
