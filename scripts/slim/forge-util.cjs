// What node-forge's DER writer uses of node-forge's utilities.
const forge = require('node-forge/lib/forge.js');

class ByteString {
  #bytes = '';

  length() {
    return this.#bytes.length;
  }

  putByte(byte) {
    return this.putBytes(String.fromCharCode(byte));
  }

  putBytes(bytes) {
    this.#bytes += bytes;
    return this;
  }

  putBuffer(buffer) {
    return this.putBytes(buffer.getBytes());
  }

  getBytes() {
    return this.#bytes;
  }
}

module.exports = forge.util = { isArray: Array.isArray, createBuffer: () => new ByteString() };
