// What `env` and `exec` need of names: they run in every new shell, and the rest of the package takes longer to load.
export { isIpv6 } from './ip-address.ts';
export { parseClientName } from './name.ts';
export { parseSubjectAltName } from './subject-alt-name.ts';
