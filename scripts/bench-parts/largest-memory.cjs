// Writes into the file $LARGEST_MEMORY, at the end, how many kilobytes of memory the process had at most. Not by the maxRSS of
// process.resourceUsage(): on Linux that begins with the memory of the process which started this one.
const fs = require('node:fs');

process.on('exit', () => {
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8')) ?? [];
  fs.writeFileSync(process.env.LARGEST_MEMORY, kilobytes ?? 'unknown');
});
