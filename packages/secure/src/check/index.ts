export { checkEngine } from './check-engine.ts';
export { subjectsFromCa } from './from-ca.ts';
export { subjectFromClient } from './from-client.ts';
