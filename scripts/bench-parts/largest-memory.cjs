// Tells on descriptor 3, in kilobytes, how much memory the process had at most.
process.on('exit', () => require('node:fs').writeSync(3, String(process.resourceUsage().maxRSS)));
