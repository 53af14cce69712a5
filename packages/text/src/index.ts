export { displayPad, displayWidth, table } from './table.ts';
export { colons, counted, distance, facts, moment } from './words.ts';
