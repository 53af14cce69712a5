/** Ends a run with one line that any tool can count, and names what was skipped. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    for (const name of skippedNames(results)) console.log(`skipped: ${name}`);
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
  }
}

function skippedNames(results) {
  return results.testResults.flatMap((file) =>
    file.testResults.filter((test) => test.status === 'pending').map((test) => test.fullName),
  );
}
