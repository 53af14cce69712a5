/** Ends a run with one line that any tool can count, and says before it why tests were skipped. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    for (const line of skippedLines(skippedNames(results))) console.log(line);
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
  }
}

/** One line for each reason, which a test's name holds as `[needs: openssl (apt-get install openssl)]`. */
export function skippedLines(names) {
  const counts = new Map();
  for (const name of names) {
    const reason = /\[needs: ([^\]]+)\]/.exec(name)?.[1] ?? `no reason: ${name}`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) =>
    count === 1 ? `skipped: 1 test needs ${reason}` : `skipped: ${count} tests need ${reason}`,
  );
}

function skippedNames(results) {
  return results.testResults.flatMap((file) =>
    file.testResults.filter((test) => test.status === 'pending').map((test) => test.fullName),
  );
}
