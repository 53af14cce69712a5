export function skippedLines(names: readonly string[]): readonly string[];
