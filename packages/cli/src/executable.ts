import { start } from './start.ts';

// What the single executable runs: see scripts/executable.js.
void start(process.argv.slice(2));
