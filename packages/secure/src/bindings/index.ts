// The bindings of policies to a CA's clients. It brings the package `policy` and a reader of YAML, which `secure` does without.
export { subjectOfCertificate } from './certificate-subject.ts';
export { placeIn, readPolicyFile, readText } from './read-policy-file.ts';
export type { PolicyFile } from './read-policy-file.ts';
export { clientsOf } from './registered-clients.ts';
export type { RegisteredClient } from './registered-clients.ts';
export { watchBindings } from './watch-bindings.ts';
export type { LostBinding } from './lost-bindings.ts';
