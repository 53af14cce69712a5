/**
 * Asks a question on the terminal, on stderr, and reads one line. Anything but `y` or `yes`, and the end of input, is no.
 * Ctrl-C ends the program, as it does with any other.
 */
export async function askYes(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin });
  process.stderr.write(`${question} [y/N] `);
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(/^(?:y|yes)$/iu.test(line.trim()));
      lines.close();
    });
    lines.once('close', () => resolve(false));
  });
}
