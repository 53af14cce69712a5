#!/usr/bin/env node
// Starts the program, or says that this Node is too old for it. Written in JavaScript that any Node can read.
'use strict';

// Dependencies that are CommonJS themselves take from it what is in Node.
global.require = require;

// It came with Node 20.16 and 22.3.
if (process.getBuiltinModule) {
  import('./lib/start.js').then(function (program) {
    return program.start(process.argv.slice(2));
  });
} else {
  refuse();
}

function refuse() {
  const message = 'this is Node ' + process.versions.node + ', which is too old for docker-mtls';
  const hint = 'install Node 20.19, 22.12, 24 or later; the package of a distribution may be older';
  process.exitCode = 1;
  if (process.argv.indexOf('--json') === -1)
    process.stderr.write('docker-mtls: error: ' + message + '\nhint: ' + hint + '\n');
  else process.stdout.write(JSON.stringify({ error: { code: 'NODE_TOO_OLD', message, hint } }) + '\n');
}
