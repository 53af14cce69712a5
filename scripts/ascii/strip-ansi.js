/** Our help has no colours to take away. */
export default (text) => text;
