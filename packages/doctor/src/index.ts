export { inspectCa, MOST_COUNTED } from './ca/inspect-ca.ts';
export type { CaContents, CaInspection } from './ca/inspect-ca.ts';
export { BLOCKS, CATALOGUE, pageOf, rowFor, ROWS } from './catalogue/catalogue.ts';
export type { BlockName, CatalogueRow, Words } from './catalogue/catalogue.ts';
export { CIS_VERSION } from './catalogue/row.ts';
export type { Block, FindingNumber, Row } from './catalogue/row.ts';
export { found } from './found.ts';
export type { Found, FoundDetails } from './found.ts';
