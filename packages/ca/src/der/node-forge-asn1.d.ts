/** The one part of node-forge that is loaded: its whole costs six times as much start-up. */
declare module 'node-forge/lib/asn1.js' {
  type Asn1 = { readonly value: unknown };
  const asn1: {
    create(tagClass: number, type: number, constructed: boolean, value: string | (Asn1 | undefined)[]): Asn1;
    toDer(node: Asn1): { getBytes(): string };
    oidToDer(oid: string): { getBytes(): string };
  };
  export type { Asn1 };
  export default asn1;
}
