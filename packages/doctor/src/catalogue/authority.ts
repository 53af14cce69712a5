import type { Row } from './row.ts';

export type AuthorityWord = never;

/** DM201 to DM239: the CA directory, its certificates and its revocation list. */
export const AUTHORITY: Readonly<Record<AuthorityWord, Row>> = {};
