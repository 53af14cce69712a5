export { decryptBundle, encryptBundle } from './encrypt-bundle.ts';
export type { ArchiveLock, Unlock } from './encrypt-bundle.ts';
export { packPkcs12 } from './pkcs12.ts';
export type { Pkcs12Request } from './pkcs12.ts';
