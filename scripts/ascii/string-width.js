/** Width of text on a terminal, for the ASCII that our help is written in. */
export default (text) => text.length;
