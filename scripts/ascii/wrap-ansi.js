/** Breaks text at spaces so that no line is wider than `columns`, unless a single word is. */
export default (text, columns) =>
  text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns))
    .join('\n');

function wrapLine(line, columns) {
  const lines = [''];
  for (const word of line.split(' ')) {
    const joined = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
    if (joined.length <= columns) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}
