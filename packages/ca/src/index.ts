export { CaError } from './error.ts';
export type { CaErrorCode } from './error.ts';

// As the sub-path `names` has them: a module that only passes on is in a file of its own otherwise.
export { isIpv6, parseClientName, parseSubjectAltName } from './names/index.ts';
export { parseCaName, parseGroupName } from './names/name.ts';
export { formatSubjectAltName, uniqueSubjectAltNames } from './names/subject-alt-name.ts';
export type { SubjectAltName, SubjectAltNameOptions } from './names/subject-alt-name.ts';

export { KEY_TYPES, parseKeyType } from './keys/key-type.ts';
export type { KeyType } from './keys/key-type.ts';
export { generateKeyPair, privateKeyToPem } from './keys/key-pair.ts';
export type { KeyPair } from './keys/key-pair.ts';
export { encryptPrivateKey } from './keys/encrypt-key.ts';
export { keyWeakness } from './keys/weakness.ts';
export { isEncryptedKey, readKeyPair } from './keys/read-key.ts';

export { parsePem, toPem } from './der/pem.ts';
export type { PemBlock } from './der/pem.ts';
export { readLeaf } from './tls-files/leaf.ts';
export { readTlsKey } from './tls-files/tls-key.ts';
export type { TlsProgram } from './tls-files/tls-key.ts';
export { readTrustedRoots } from './tls-files/trusted-roots.ts';
export type { TrustedRoots } from './tls-files/trusted-roots.ts';

export { parseDuration, parseLifetime } from './profile/lifetime.ts';
export type { LifetimeOptions } from './profile/lifetime.ts';
export { parseProfile } from './profile/profile.ts';
export type { Profile, ProfileKind } from './profile/profile.ts';
export { keptLifetime, validityState } from './profile/expiry.ts';
export type { Expiring, ValidityState } from './profile/expiry.ts';
export { planValidity } from './profile/validity.ts';
export type { Validity, ValidityPlan } from './profile/validity.ts';

export { keyIdOfKey } from './certificate/key-identifier.ts';
export { isPair, readCertificate, readCertificates, subjectDer } from './certificate/certificate.ts';
export type { Certificate, CertificateInfo } from './certificate/certificate.ts';
export { clientNames } from './certificate/client-names.ts';
export type { ClientNames } from './certificate/client-names.ts';
export type { NameInfo } from './certificate/distinguished-name.ts';
export { createAuthority, openAuthority } from './certificate/authority.ts';
export type { Authority, NewAuthority } from './certificate/authority.ts';
export { renewAuthority } from './certificate/renew-authority.ts';
export { issueCertificate } from './certificate/issue.ts';
export type { CertificateRequest } from './certificate/issue.ts';

export { complaintsOf } from './lint/complaints.ts';
export { lintCertificate } from './lint/lint.ts';
export { keyPublishedIn } from './keys/published-key.ts';
export type { LintOptions } from './lint/lint.ts';
export type { LintFinding } from './lint/rule.ts';
export { parseSerial } from './certificate/serial.ts';
export { isOfDates, isOfIssuer, verifyCertificate } from './certificate/verify.ts';
export type { ChainProblem, ProblemCode, VerifyOptions } from './certificate/verify.ts';

export { createCertificationRequest } from './request/create-request.ts';
export type { RequestNames } from './request/create-request.ts';
export { readCertificationRequest } from './request/read-request.ts';
export type { CertificationRequest } from './request/read-request.ts';

export { crlSigner } from './crl/crl-signer.ts';
export { createCrl } from './crl/create-crl.ts';
export type { NewCrl, RevokedCertificate } from './crl/create-crl.ts';
export { listState } from './crl/list-state.ts';
export type { ListPeriod } from './crl/list-state.ts';
export { openCrls, readCrl, readCrls } from './crl/read-crl.ts';
export type { Crl, OpenCrl } from './crl/read-crl.ts';
export type { RevocationReason } from './crl/reason.ts';
