// node-forge's DER writer has the names of object identifiers only to print them.
module.exports = {};
