import { PolicyError } from '../error.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a file with a policy or cases. `POLICY_INVALID` at the first byte that is not UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    const before = new TextDecoder().decode(bytes).split('\uFFFD', 1)[0] ?? '';
    const lines = before.split('\n');
    const place = { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
    throw new PolicyError('POLICY_INVALID', 'a byte that is not UTF-8', {
      cause,
      place,
      hint: 'save the file as UTF-8',
    });
  }
}
