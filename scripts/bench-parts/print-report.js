/** Prints the figures for people. */
export function printReport(report) {
  printCommands(report);
  if (report.executable !== undefined) printOthers(report);
}

function printCommands({ machine, runs, bare, jobs }) {
  const { cpu, cores, memory, system, node, openssl, fsync, load } = machine;
  say(
    `${cpu}, ${cores} cores, ${memory}; ${system}; Node ${node} with OpenSSL ${openssl}; an fsync takes ${fsync.toFixed(1)} ms; load ${load}`,
  );
  say(
    `CPU time of whole processes, ${runs} rounds after one that does not count, each run next to a bare node: median (fastest), and median ratio to bare node.`,
  );
  printTable([
    ['', 'ms', '', '× bare', 'target', ''],
    row('node -e 0', bare, '', '', ''),
    ...own(jobs).map((job) => row(job.name, job, job.ratio.toFixed(2), atMost(job.target), job.what)),
  ]);
}

function printOthers(report) {
  const { jobs, missing, bundles, renewals, executable, inMemory, policy, doctor, large, authorization } =
    report;
  const secure = jobs.find(({ name }) => name === 'secure');
  say('The same job by other means (no registry, no daemon.json, no bundle), beside the median of secure:');
  printTable([
    ['', 'ms', '', '× secure', ''],
    ...peers(jobs).map((job) => row(job.name, job, (job.median / secure.median).toFixed(1), job.what)),
    ...missing.map((name) => [name, '', '', '', 'missing: not installed here']),
  ]);
  printBundles(bundles);
  printRenewals(renewals);
  printExecutable(executable);
  const { client, raw, keyPair, ratio, target, iterations } = inMemory;
  say(`In memory, one thread, median of ${iterations}:`);
  printTable([
    ['', 'µs', '× raw', 'target', ''],
    [
      'P-256 client',
      client.toFixed(0),
      ratio.toFixed(2),
      atMost(target),
      'key and certificate, linted, as PEM',
    ],
    ['raw', raw.toFixed(0), '', '', 'createECDH generateKeys and one ECDSA signature'],
    ['key objects', keyPair.toFixed(0), '', '', 'generateKeyPairSync and one ECDSA signature'],
  ]);
  printPolicy(policy);
  if (doctor !== undefined) printDoctor(doctor);
  if (large !== undefined) printLarge(large);
  if (authorization !== undefined) printAuthorization(authorization);
}

function printRenewals({ count, perClient, memory, peers: loops }) {
  say(
    `Renewing ${count} clients at once, in one thread, next to loops that sync nothing; CPU time for each client:`,
  );
  printTable([
    ['', 'ms', '× renew', 'target', ''],
    [
      'renew --all',
      perClient.toFixed(2),
      '',
      '',
      memory.map(({ clients, megabytes }) => `${megabytes.toFixed(0)} MB for ${clients}`).join(', '),
    ],
    ...loops.map(({ name, loop, ratio, target }) => [
      name,
      loop.toFixed(2),
      ratio.toFixed(1),
      `at least ${target}`,
      'key, request, certificate',
    ]),
  ]);
}

function printExecutable({ commands, target }) {
  say("The start of the single executable, next to npm's package under the same Node:");
  printTable([
    ['', 'ms', 'npm', '× npm', 'target', ''],
    ...commands.map(({ name, executable, packaged, ratio }) => [
      name,
      executable.toFixed(1),
      packaged.toFixed(1),
      ratio.toFixed(2),
      atMost(target),
      '',
    ]),
  ]);
}

function printPolicy({ read, create, createBytes, calls, verified, queried, peers, targets }) {
  say('Authorization in memory, one thread, CPU time; the policy has 200 bindings:');
  printTable([
    ['', '', 'target', ''],
    ['decide on a read', `${read.toFixed(1)} µs`, atMost(targets.read), ''],
    [
      'decide on a create',
      `${create.toFixed(1)} µs`,
      atMost(targets.create),
      `a body of ${createBytes} bytes`,
    ],
    [
      "the engine's call for a read",
      `${calls.read.toFixed(1)} µs`,
      atMost(calls.targets.read),
      'from its JSON to the decision with all risks',
    ],
    [
      `the same, ${calls.revoked} revoked`,
      `${calls.readRevoked.toFixed(1)} µs`,
      atMost(calls.targets.read),
      '',
    ],
    ["the engine's call for a create", `${calls.create.toFixed(1)} µs`, atMost(calls.targets.create), ''],
    [
      `a list of ${calls.revoked} revoked`,
      `${calls.reload.toFixed(0)} ms`,
      atMost(calls.targets.reload),
      'read',
    ],
    [
      'audit lines verified',
      `${verified}/s`,
      `≥ ${targets.verified}`,
      `from a file: ${two(peers.verified)} × sha256sum`,
    ],
    [
      'audit lines queried',
      `${queried}/s`,
      `≥ ${targets.queried}`,
      `by name and verdict: ${two(peers.queried)} × grep`,
    ],
  ]);
}

function printAuthorization({ rounds, p50, p99, latency, throughput, rate, cpu, idle, targets }) {
  say(
    `A read of an engine over TLS, which asks docker-mtls (200 bindings, audit log) or a plugin that allows; medians of ${rounds} rounds:`,
  );
  printTable([
    ['', 'docker-mtls', 'allowing', 'ratio', 'target', ''],
    ['p50, 1 client', two(p50.own), two(p50.other), two(latency), atMost(targets.latency), 'ms'],
    [
      'p99, 1 client',
      two(p99.own),
      two(p99.other),
      two(p99.ratio),
      '',
      `ms; the allowing one against itself: ${two(p99.itself)}`,
    ],
    [
      '16 clients',
      rate.own.toFixed(0),
      rate.other.toFixed(0),
      two(throughput),
      `≥ ${targets.throughput}`,
      'calls/s',
    ],
    [
      'CPU of the plugin',
      two(cpu.own),
      two(cpu.other),
      '',
      atMost(targets.cpu),
      'ms for a call and its answer',
    ],
    ['memory when idle', idle.own.toFixed(0), idle.other.toFixed(0), '', '', 'MB'],
  ]);
}

function printLarge({ commands, lists }) {
  say(
    'With many certificates on record, beside few: median ms of each, their ratio, and the most that it may be.',
  );
  printTable([
    ['', 'few', 'many', 'ratio', 'target'],
    ...commands.map(({ name, few, many, ratio }) => [
      name,
      few.toFixed(0),
      many.toFixed(0),
      ratio.toFixed(2),
      atMost(1.5),
    ]),
  ]);
  say('A list of names, with the most memory that it may take: 250 MB.');
  printTable([
    ['names', 'ms each', 'MB'],
    ...lists.map(({ count, perName, megabytes }) => [
      String(count),
      perName.toFixed(2),
      megabytes.toFixed(0),
    ]),
  ]);
}

function printBundles({ count, own: ours, loop, ratio, target }) {
  say(`A pair and a bundle for each of ${count} names, of a CA that is there:`);
  printTable([
    ['', 's', '× bundle', 'target', ''],
    ['bundle --names', ours.toFixed(2), '', '', 'one run'],
    loop === undefined
      ? ['shell loop', '', '', '', 'missing: no openssl here']
      : ['shell loop', loop.toFixed(2), ratio.toFixed(1), `≥ ${target}`, 'openssl and tar, P-256'],
  ]);
}

const own = (jobs) => jobs.filter(({ group }) => group === 'own');
const peers = (jobs) => jobs.filter(({ group }) => group === 'peer');

function row(name, { median, fastest }, ...rest) {
  return [name, median.toFixed(1), `(${fastest.toFixed(1)})`, ...rest];
}

function two(number) {
  return number.toFixed(2);
}

function atMost(target) {
  return target === undefined ? '' : `≤ ${target}`;
}

function say(text) {
  console.log(`\n${text}`);
}

/** The first and last columns are words, those between them numbers. */
function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  for (const cells of rows) {
    const padded = cells.map((cell, column) =>
      column === 0 || column === cells.length - 1
        ? cell.padEnd(widths[column])
        : cell.padStart(widths[column]),
    );
    console.log(`  ${padded.join('  ')}`.trimEnd());
  }
}

function printDoctor({ count, seconds, megabytes, target }) {
  say(
    `doctor, ${count} engines on loopback addresses: ${seconds.toFixed(1)} s (target ${target}), ${megabytes} MB`,
  );
}
