/** Whoever was asked has pressed Ctrl-C: the program ends as that ends any other, with no word more. */
export class Interrupted extends Error {
  override readonly name: string = 'Interrupted';
}
