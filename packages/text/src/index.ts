export { displayPad, displayWidth, table } from './table.ts';
export { colons, counted, distance, facts, localMoment, moment, someOf } from './words.ts';
