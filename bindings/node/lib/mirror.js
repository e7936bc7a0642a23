// SPDX-License-Identifier: MIT
// A copy of the table in memory, which a thread of the library keeps current.
'use strict';

const { call, constants, bytes } = require('./library');
const { ArpqError, closedError } = require('./error');
const layout = require('./layout');
const check = require('./arguments');
const { dropped } = require('./source');

class Mirror {
  #owner;
  #pointer;
  #ip = bytes(layout.ipSize);
  #mac = bytes(layout.macSize);
  #neigh = bytes(layout.sizeOf('arpq_neigh'));

  static options() {
    return layout.writeOptions('arpq_mirror_options', { flags: constants.MIRROR_THREAD });
  }

  constructor(owner, pointer) {
    this.#owner = owner;
    this.#pointer = pointer;
    dropped.register(this, { close: call.arpq_mirror_close, pointer }, this);
  }

  #open() {
    if (this.#pointer === null) throw closedError('mirror');
    return this.#pointer;
  }

  #ask(name, ip, options, result) {
    const pointer = this.#open();
    const given = check.options(options, ['interface']);
    const indexOf = (interfaceName) => this.#owner.interfaceIndex(interfaceName);
    const ifindex = given.interface === undefined || typeof given.interface === 'number'
      ? given.interface : indexOf(given.interface);
    const address = check.ip(null, check.scoped(check.text('ip', ip), indexOf), this.#ip);
    const code = call[name](pointer, address, check.ifindex(null, ifindex), result);
    if (code < 0) throw new ArpqError(code, name, { subject: ip });
  }

  lookup(ip, options) {
    this.#ask('arpq_mirror_lookup', ip, options, this.#mac);
    return layout.readMac(this.#mac);
  }

  get(ip, options) {
    this.#ask('arpq_mirror_get', ip, options, this.#neigh);
    return layout.reader('arpq_neigh')(this.#neigh);
  }

  findMac(mac) {
    const pointer = this.#open();
    const wanted = check.mac(mac);
    const size = layout.sizeOf('arpq_neigh');
    let room = 16;
    for (;;) {
      const found = bytes(room * size);
      const count = call.arpq_mirror_find_mac(pointer, wanted, found, room);
      if (count < 0) throw new ArpqError(count, 'arpq_mirror_find_mac', { subject: mac });
      if (count <= room) {
        return Array.from({ length: count }, (_, n) => layout.reader('arpq_neigh')(found, n * size));
      }
      room = count * 2;
    }
  }

  stats() {
    const stats = bytes(layout.sizeOf('arpq_sync_stats'));
    call.arpq_mirror_stats(this.#open(), stats);
    return layout.reader('arpq_sync_stats')(stats);
  }

  close() {
    if (this.#pointer === null) return;
    dropped.unregister(this);
    call.arpq_mirror_close(this.#pointer);
    this.#pointer = null;
  }
}

module.exports = { Mirror };
