import { quote } from '@docker-mtls/errors';
import { requireWithin, tooLarge } from '../archive/limits.ts';
import { BundleError } from '../error.ts';

// Each may cost a millisecond to try, and a header of megabytes holds a hundred thousand.
const MOST_RECIPIENTS = 256;

/**
 * log2 of the cost of scrypt. age itself writes 18, a second's work and 256 MiB, and reads up to 22: sixteen times as
 * much, which anybody can ask for who sends a file.
 */
const MOST_SCRYPT_WORK = 18;

/** For whom an archive is locked: a passphrase, or age recipients (`age1…`). */
export type ArchiveLock = { readonly passphrase: string } | { readonly recipients: readonly string[] };

/** What opens it: the passphrase, or age identities (`AGE-SECRET-KEY-1…`). */
export type Unlock = { readonly passphrase: string } | { readonly identities: readonly string[] };

/**
 * Encrypts an archive in the age format (age-encryption.org/v1), which the `age` tool opens. A passphrase costs about
 * a second on purpose (scrypt). Two runs make different bytes. Codes: `BUNDLE_RECIPIENT_INVALID`,
 * `BUNDLE_PASSPHRASE_INVALID`.
 */
export async function encryptBundle(archive: Buffer, lock: ArchiveLock): Promise<Buffer> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  if ('passphrase' in lock) encrypter.setPassphrase(requirePassphrase(lock.passphrase));
  else requireSome(lock.recipients).forEach((text) => addRecipient(encrypter, text));
  return Buffer.from(await encrypter.encrypt(archive));
}

type RecipientList = { addRecipient(text: string): void };

function addRecipient(encrypter: RecipientList, text: string): void {
  try {
    encrypter.addRecipient(text);
  } catch (error) {
    throw recipientInvalid(isIdentity(text) ? 'a secret key' : quote(text), error);
  }
}

/** Recipients begin with `age1`. What is no key as it was typed, in lower case or behind a space, is one all the same. */
function isIdentity(text: string): boolean {
  return /age-(?:secret-key|plugin)-/i.test(text);
}

function requireSome(recipients: readonly string[]): readonly string[] {
  if (recipients.length === 0) throw recipientInvalid('an empty list');
  if (recipients.length > MOST_RECIPIENTS)
    throw recipientInvalid(`more than ${MOST_RECIPIENTS} recipients for one bundle`);
  return recipients;
}

/**
 * Decrypts what `encryptBundle` or the `age` tool made, armored or not. Codes: `BUNDLE_NOT_OPENED` for a wrong
 * passphrase, a wrong identity and for damage alike, `BUNDLE_RECIPIENT_INVALID` for a text that is no identity,
 * `BUNDLE_ARCHIVE_TOO_LARGE` for one with more than 256 recipients, or a passphrase that costs more than age makes it cost.
 */
export async function decryptBundle(encrypted: Buffer, unlock: Unlock): Promise<Buffer> {
  if ('identities' in unlock) requireFew(unlock.identities);
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  if ('passphrase' in unlock) decrypter.addPassphrase(requirePassphrase(unlock.passphrase));
  else unlock.identities.forEach((text) => addIdentity(decrypter, text));
  try {
    const isArmored = encrypted.readUInt8(0) === '-'.charCodeAt(0);
    const binary = isArmored ? Buffer.from(armor.decode(encrypted.toString('latin1'))) : encrypted;
    requireWithin(countRecipients(binary), MOST_RECIPIENTS, 'recipients');
    requireModestWork(binary);
    return Buffer.from(await decrypter.decrypt(binary));
  } catch (error) {
    if (error instanceof BundleError) throw error;
    throw new BundleError('BUNDLE_NOT_OPENED', 'the archive does not open with that passphrase or identity', {
      hint: 'check which one it was encrypted for; if it is the right one, the archive is damaged',
      cause: error,
    });
  }
}

function requireFew(identities: readonly string[]): void {
  if (identities.length > MOST_RECIPIENTS)
    throw recipientInvalid(`more than ${MOST_RECIPIENTS} identities for one bundle`);
}

/** age-encryption.org/v1, scrypt recipient stanza: `-> scrypt SALT LOG2N`. Looked at before any of it is computed. */
function requireModestWork(binary: Buffer): void {
  const header = binary.subarray(0, binary.indexOf('\n---')).toString('latin1');
  for (const [, work = ''] of header.matchAll(/^-> scrypt \S+ (\d+)$/gm)) {
    if (Number(work) <= MOST_SCRYPT_WORK) continue;
    throw tooLarge(
      `the passphrase of the bundle costs scrypt 2^${work}, and age writes 2^${MOST_SCRYPT_WORK}`,
    );
  }
}

/** age-encryption.org/v1: a stanza for each, behind `->`, and `---` after the last of them. */
function countRecipients(binary: Buffer): number {
  const header = binary.subarray(0, binary.indexOf('\n---'));
  let count = 0;
  for (let at = header.indexOf('\n->'); at !== -1; at = header.indexOf('\n->', at + 1)) count += 1;
  return count;
}

type IdentityList = { addIdentity(text: string): void };

function addIdentity(decrypter: IdentityList, text: string): void {
  try {
    decrypter.addIdentity(text);
  } catch {
    // Neither the text nor the library's error goes on: a mistyped secret is still a secret.
    throw recipientInvalid('that identity');
  }
}

function recipientInvalid(what: string, cause?: unknown): BundleError {
  return new BundleError('BUNDLE_RECIPIENT_INVALID', `age cannot use ${what}`, {
    hint: 'recipients start with age1, identities with AGE-SECRET-KEY-1; age-keygen makes both',
    cause,
  });
}

function requirePassphrase(passphrase: string): string {
  if (passphrase !== '') return passphrase;
  throw new BundleError('BUNDLE_PASSPHRASE_INVALID', 'the passphrase is empty', { hint: 'type one' });
}
