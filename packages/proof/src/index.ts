export { askAsClient } from './ask-as-client.ts';
export { proveEngine } from './prove-engine.ts';
export type { Caller, Finding, Proof } from './prove-engine.ts';
export type { Answer, Pair, Target } from './answer.ts';
