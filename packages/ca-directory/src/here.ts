/** The folder of the running file: `src` or `dist` of this package, or where the published program is. */
export const HERE: string = import.meta.dirname;
