const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The bytes of canonical base64, as Go writes it. Undefined for anything else: Node passes over what it does not know. */
export function decodeBase64(text: string): Buffer | undefined {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  // Bits that are left over at the end have to be zero.
  const end = bytes.length - (bytes.length % 3);
  return bytes.toString('base64', end) === text.slice((end / 3) * 4) ? bytes : undefined;
}

/** How many bytes canonical base64 of this length stands for, without decoding it. */
export function decodedLength(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}
