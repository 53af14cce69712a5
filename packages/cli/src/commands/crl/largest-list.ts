/** Some 400,000 entries. */
export const LARGEST_LIST: number = 32 * 1024 * 1024;
