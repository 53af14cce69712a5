// The first code in the single executable. The program is in parts, as esbuild has split it, so that a command compiles
// only what it needs: all of it in one file takes 40 ms of 90 to compile. Measure it with scripts/bench.
'use strict';
const { getAsset } = require('node:sea');
const { compileFunction } = require('node:vm');

const loaded = new Map();

/** Parts have relative names; everything else is in Node, and nothing is looked for in a folder. */
function load(name) {
  if (!name.startsWith('./')) return require(name);
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const part = { exports: {} };
  // Before it runs: parts may lead back to each other.
  loaded.set(name, part);
  const code = compileFunction(getAsset(name, 'utf8'), ['require', 'module', 'exports'], { filename: name });
  code(load, part, part.exports);
  return part.exports;
}

load('./executable.js');
