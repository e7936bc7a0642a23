// SPDX-License-Identifier: MIT
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const { call, constants, pointerIn, bytes, copyOf } = require('./library');
const { ArpqError, closedError, typeError } = require('./error');
const layout = require('./layout');
const check = require('./arguments');
const { Polled, Source, Batch, dropped } = require('./source');
const { Mirror } = require('./mirror');

const pointerBytes = 8;

const lookupFlags = {
  viaGateway: constants.LOOKUP_VIA_GATEWAY,
  tableOnly: constants.LOOKUP_TABLE_ONLY,
  anyInterface: constants.LOOKUP_ANY_INTERFACE,
};
const lookupNames = ['interface', ...Object.keys(lookupFlags)];

class Watch extends Source {
  stats() {
    if (!this.polled.isOpen) throw closedError('watch');
    const stats = bytes(layout.sizeOf('arpq_sync_stats'));
    call.arpq_watch_stats(this.polled.pointer, stats);
    return layout.reader('arpq_sync_stats')(stats);
  }
}

class Sweep extends Source {
  #last = null;

  // What the sweep has done so far; after its end, what it did in all.
  stats() {
    if (!this.polled.isOpen) return this.#last;
    const stats = bytes(layout.sizeOf('arpq_sweep_stats'));
    call.arpq_sweep_stats(this.polled.pointer, stats);
    return layout.reader('arpq_sweep_stats')(stats);
  }

  finishing() {
    this.#last = this.stats();
  }
}

// The descriptor of a socket of node:net, which has no public name for it, or the number itself.
function descriptorOf(socket) {
  if (typeof socket === 'number') return check.integer('socket', socket, 0, check.INT32_MAX);
  const fd = socket instanceof net.Socket ? socket._handle?.fd : undefined;
  if (typeof fd !== 'number' || fd < 0) throw typeError('socket', 'a connected socket or a descriptor', socket);
  return fd;
}

class Handle {
  #pointer = null;
  #objects = new Set(); // of WeakRef: a watch that a program dropped can be collected
  #batches = new Map();
  #ip = bytes(layout.ipSize);
  #mac = bytes(layout.macSize);
  #neigh = bytes(layout.sizeOf('arpq_neigh'));

  constructor(options) {
    const given = check.options(options, ['netns']);
    const out = bytes(pointerBytes);
    let code;
    if (given.netns === undefined) {
      code = call.arpq_open(out, null);
    } else {
      const isPath = typeof given.netns === 'string';
      const fd = isPath ? fs.openSync(given.netns, 'r') : check.integer('netns', given.netns, 0, check.INT32_MAX);
      code = call.arpq_open(out, layout.writeOptions('arpq_options', {
        flags: constants.OPEN_IN_NETNS,
        netns_fd: fd,
      }));
      if (isPath) fs.closeSync(fd);
    }
    if (code < 0) throw new ArpqError(code, 'arpq_open');
    this.#pointer = pointerIn(out);
    dropped.register(this, { close: call.arpq_close, pointer: this.#pointer }, this);
  }

  #open() {
    if (this.#pointer === null) throw closedError('handle');
    return this.#pointer;
  }

  #fail(code, syscall, subject) {
    return new ArpqError(code, syscall, { subject, detail: call.arpq_detail(this.#pointer) });
  }

  // The kernel's words about the last call that failed.
  detail() {
    return this.#pointer === null ? '' : call.arpq_detail(this.#pointer);
  }

  get isOpen() {
    return this.#pointer !== null;
  }

  #lookup(ip, options) {
    const pointer = this.#open();
    check.text('ip', ip);
    const given = check.options(options, lookupNames);
    const flags = check.flags(given, lookupFlags);
    const by = given.interface;
    const code = typeof by === 'number'
      ? call.arpq_lookup(pointer, check.ip(pointer, ip, this.#ip), check.ifindex(pointer, by), flags, this.#mac)
      : call.arpq_lookup_text(pointer, ip, by == null ? null : check.text('interface', by), flags, this.#mac);
    if (code < 0) throw this.#fail(code, 'arpq_lookup', ip);
  }

  #answer() {
    return Object.freeze({
      mac: layout.readMac(this.#mac),
      type: layout.nameOf('LINK_TYPE', layout.readU16(this.#mac, layout.macType)),
      origin: layout.nameOf('ORIGIN', this.#mac[layout.macOrigin]),
    });
  }

  lookup(ip, options) {
    this.#lookup(ip, options);
    return layout.readMac(this.#mac);
  }

  lookupMac(ip, options) {
    this.#lookup(ip, options);
    return this.#answer();
  }

  peer(socket, options) {
    const pointer = this.#open();
    const given = check.options(options, Object.keys(lookupFlags));
    const fd = descriptorOf(socket);
    const code = call.arpq_peer(pointer, fd, check.flags(given, lookupFlags), this.#mac);
    if (code < 0) throw this.#fail(code, 'arpq_peer', `descriptor ${fd}`);
    return this.#answer();
  }

  get(ip, options) {
    const pointer = this.#open();
    const given = check.options(options, lookupNames);
    const address = check.ip(pointer, ip, this.#ip);
    const ifindex = check.ifindex(pointer, given.interface);
    const code = call.arpq_neigh_get(pointer, address, ifindex, check.flags(given, lookupFlags), this.#neigh);
    if (code < 0) throw this.#fail(code, 'arpq_neigh_get', ip);
    return layout.reader('arpq_neigh')(this.#neigh);
  }

  // The entries of a list of the library, which is released.
  #entries(list, kind, structName) {
    const count = bytes(4);
    const stride = bytes(4);
    const first = call[`arpq_${kind}_entries`](list, count, stride);
    const total = layout.readU32(count, 0);
    if (total === 0) return [];
    const step = layout.readU32(stride, 0);
    const memory = copyOf(first, total * step);
    const read = layout.reader(structName);
    return Array.from({ length: total }, (_, n) => read(memory, n * step));
  }

  #table(name, argument) {
    const out = bytes(pointerBytes);
    const code = call[name](this.#open(), argument, out);
    if (code < 0) throw this.#fail(code, name);
    const list = pointerIn(out);
    try {
      return this.#entries(list, 'table', 'arpq_neigh');
    } finally {
      call.arpq_table_free(list);
    }
  }

  table(filter) {
    return this.#table('arpq_table_get', check.filter(this.#open(), filter));
  }

  findMac(mac) {
    this.#open();
    return this.#table('arpq_table_find_mac', check.mac(mac));
  }

  interfaces(options) {
    const pointer = this.#open();
    const given = check.options(options, ['read']);
    const out = bytes(pointerBytes);
    const flags = check.flags(given, { read: constants.INTERFACES_READ });
    const code = call.arpq_interfaces_get(pointer, flags, out);
    if (code < 0) throw this.#fail(code, 'arpq_interfaces_get');
    const list = pointerIn(out);
    try {
      const total = call.arpq_interfaces_address_count(list);
      const addresses = Array.from({ length: total }, (_, n) =>
        layout.reader('arpq_address')(
          copyOf(call.arpq_interfaces_address_at(list, n), layout.sizeOf('arpq_address'))));
      return this.#entries(list, 'interfaces', 'arpq_interface').map(
        ({ addressFirst, addressCount, altnameFirst, altnameCount, ...rest }) => Object.freeze({
          ...rest,
          addresses: Object.freeze(addresses.slice(addressFirst, addressFirst + addressCount)),
        }));
    } finally {
      call.arpq_interfaces_free(list);
    }
  }

  interfaceIndex(name) {
    return check.ifindex(this.#open(), check.text('name', name));
  }

  interfaceName(ifindex) {
    const pointer = this.#open();
    const name = bytes(constants.IFNAME_SIZE);
    const code = call.arpq_interface_name(pointer, check.integer('ifindex', ifindex, 1, check.INT32_MAX), name);
    if (code < 0) throw this.#fail(code, 'arpq_interface_name', String(ifindex));
    return name.toString('utf8', 0, name.indexOf(0));
  }

  gateways(options) {
    const pointer = this.#open();
    const given = check.options(options, ['family', 'allTables']);
    const out = bytes(pointerBytes);
    const flags = check.flags(given, { allTables: constants.GATEWAYS_ALL_TABLES });
    const code = call.arpq_gateways_get(pointer, check.family(given.family), flags, out);
    if (code < 0) throw this.#fail(code, 'arpq_gateways_get');
    const list = pointerIn(out);
    try {
      return this.#entries(list, 'gateways', 'arpq_gateway').map((gateway) => Object.freeze({
        ...gateway,
        family: gateway.family === 2 ? 4 : 6,
        neigh: gateway.code === null ? gateway.neigh : null,
      }));
    } finally {
      call.arpq_gateways_free(list);
    }
  }

  // ---- Waits: each object is polled by the event loop, and closed with the handle. ----

  #openObject(kind, options, ...before) {
    const out = bytes(pointerBytes);
    const name = `arpq_${kind}_open`;
    const code = call[name](this.#open(), out, ...before, options);
    if (code < 0) throw this.#fail(code, name);
    return pointerIn(out);
  }

  #remember(object) {
    for (const reference of this.#objects) if (!reference.deref()) this.#objects.delete(reference);
    this.#objects.add(new WeakRef(object));
    return object;
  }

  #batch(kind, options, structName, read) {
    const key = `${kind} ${options.toString('hex')}`;
    let batch = this.#batches.get(key);
    if (!batch) {
      const polled = new Polled(this, kind, this.#openObject(kind, options));
      batch = new Batch(polled, structName, read, () => this.#batches.delete(key));
      this.#batches.set(key, batch);
    }
    return batch;
  }

  async resolve(ip, options) {
    const pointer = this.#open();
    const given = check.options(
      options, ['interface', 'timeout', 'maxAge', 'revalidate', 'viaGateway']);
    const address = check.ip(pointer, ip);
    const ifindex = check.ifindex(pointer, given.interface);
    const members = {
      flags: check.flags(given, {
        revalidate: constants.RESOLVE_REVALIDATE,
        viaGateway: constants.RESOLVE_VIA_GATEWAY,
      }),
    };
    if (given.timeout !== undefined) {
      members.answer_ms = given.timeout === Infinity
        ? constants.FOREVER : check.integer('timeout', given.timeout, 1, check.INT32_MAX);
    }
    if (given.maxAge !== undefined) {
      members.max_age_ms = check.integer('maxAge', given.maxAge, 1, check.INT32_MAX);
    }
    const at = (member) => layout.offset('arpq_resolved', member);
    const batch = this.#batch(
      'resolver', layout.writeOptions('arpq_resolve_options', members), 'arpq_resolved', (result) => ({
        token: layout.readU64(result, at('token')),
        settle: ({ resolve, reject, subject }) => {
          const code = layout.readI32(result, at('code'));
          if (code < 0) reject(new ArpqError(code, 'arpq_resolve', { subject }));
          else resolve(layout.reader('arpq_neigh')(result, at('neigh')));
        },
      }));
    return batch.ask(
      (resolver, token) => call.arpq_resolver_add(resolver, address, ifindex, token),
      'arpq_resolver_add', ip);
  }

  // All of the addresses, in their order: { ip, neigh } or { ip, error }.
  async resolveMany(ips, options) {
    if (!Array.isArray(ips)) throw typeError('ips', 'an array', ips);
    return Promise.all(ips.map((ip) => this.resolve(ip, options).then(
      (neigh) => ({ ip, neigh }),
      (error) => {
        if (!(error instanceof ArpqError)) throw error;
        return { ip, error };
      })));
  }

  async ping(ip, options) {
    const pointer = this.#open();
    const given = check.options(
      options, ['interface', 'timeout', 'payloadSize', 'hopLimit', 'source', 'sequence', 'raw']);
    const address = check.ip(pointer, ip);
    const members = {
      flags: check.flags(given, { raw: constants.PING_RAW }),
      ifindex: check.ifindex(pointer, given.interface),
    };
    if (given.timeout !== undefined) members.answer_ms = check.integer('timeout', given.timeout, 1, check.INT32_MAX);
    if (given.payloadSize !== undefined) { // 0 is the default of the library
      members.payload_size = check.integer('payloadSize', given.payloadSize, 0, 65000) || constants.PING_EMPTY;
    }
    if (given.hopLimit !== undefined) members.hop_limit = check.integer('hopLimit', given.hopLimit, 1, 255);
    if (given.source !== undefined) members.source = check.ip(pointer, given.source);
    const sequence = given.sequence === undefined ? 0 : check.integer('sequence', given.sequence, 0, 65535);
    const at = (member) => layout.offset('arpq_pinged', member);
    const batch = this.#batch(
      'pinger', layout.writeOptions('arpq_ping_options', members), 'arpq_pinged', (result) => ({
        token: layout.readU64(result, at('token')),
        settle: ({ resolve, reject, subject }) => {
          const code = layout.readI32(result, at('code'));
          const reply = layout.reader('arpq_ping_reply')(result, at('reply'));
          if (code === 0) {
            resolve(reply);
            return;
          }
          const error = new ArpqError(code, 'arpq_ping', { subject });
          if (reply.from !== null) error.reply = reply;
          reject(error);
        },
      }));
    return batch.ask(
      (pinger, token) => call.arpq_pinger_add(pinger, address, sequence, token),
      'arpq_pinger_add', ip);
  }

  watch(options) {
    const pointer = this.#open();
    const own = ['existing', 'interfaces', 'addresses', 'neighbours'];
    const given = check.options(options, [...own, 'filter']);
    const flags = check.flags(given, {
      existing: constants.WATCH_EXISTING,
      interfaces: constants.WATCH_INTERFACES,
      addresses: constants.WATCH_ADDRESSES,
    });
    if (given.neighbours !== undefined && typeof given.neighbours !== 'boolean') {
      throw typeError('neighbours', 'a boolean', given.neighbours);
    }
    const members = { flags: given.neighbours === false ? flags | constants.WATCH_NO_NEIGHBOURS : flags };
    const filter = check.filter(pointer, given.filter);
    if (filter) members.filter = filter;
    const opened = this.#openObject('watch', layout.writeOptions('arpq_watch_options', members));
    return this.#remember(new Watch(new Polled(this, 'watch', opened), 'arpq_event', layout.readEvent));
  }

  sweep(prefix, options) {
    const pointer = this.#open();
    const given = check.options(
      options, ['interface', 'rate', 'attempts', 'answerTime', 'source', 'vlan', 'force', 'noSource', 'noRaw']);
    const parsed = check.prefix(pointer, prefix);
    const members = {
      flags: check.flags(given, {
        force: constants.SWEEP_FORCE,
        noSource: constants.SWEEP_NO_SOURCE,
        noRaw: constants.SWEEP_NO_RAW,
      }),
      ifindex: check.ifindex(pointer, given.interface),
    };
    if (given.rate !== undefined) members.rate = check.integer('rate', given.rate, 1, 0xffffffff);
    if (given.attempts !== undefined) members.attempts = check.integer('attempts', given.attempts, 1, 32);
    if (given.answerTime !== undefined) members.answer_ms = check.integer('answerTime', given.answerTime, 1, 60000);
    if (given.vlan !== undefined) members.vlan = check.integer('vlan', given.vlan, 1, 4094);
    if (given.source !== undefined) members.source = check.ip(pointer, given.source);
    const opened = this.#openObject(
      'sweep', layout.writeOptions('arpq_sweep_options', members), parsed.ip, parsed.length);
    return this.#remember(new Sweep(new Polled(this, 'sweep', opened), 'arpq_found', layout.reader('arpq_found')));
  }

  mirror() {
    const opened = this.#openObject('mirror', Mirror.options());
    return this.#remember(new Mirror(this, opened));
  }

  // Ends every wait: iterators are done, promises are rejected with ECANCELED.
  close() {
    if (this.#pointer === null) return;
    for (const batch of [...this.#batches.values()]) batch.close();
    for (const reference of this.#objects) reference.deref()?.close();
    this.#objects.clear();
    dropped.unregister(this);
    call.arpq_close(this.#pointer);
    this.#pointer = null;
  }
}

// Node has these symbols since 18.18 and 20.4.
if (Symbol.dispose) {
  for (const type of [Handle, Source, Mirror]) {
    type.prototype[Symbol.dispose] = function dispose() { this.close(); };
    type.prototype[Symbol.asyncDispose] = async function dispose() { this.close(); };
  }
}

module.exports = { Handle, Watch, Sweep };
