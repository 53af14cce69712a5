export { colons, counted, distance, facts, moment } from './words.ts';
