// SPDX-License-Identifier: MIT
// Checks what a program passes and writes it as the library takes it: a wrong argument is an
// exception here and never reaches the library.
'use strict';

const { call, constants, bytes } = require('./library');
const { ArpqError, typeError, rangeError } = require('./error');
const layout = require('./layout');

const INT32_MAX = 0x7fffffff;

function text(name, value) {
  if (typeof value !== 'string') throw typeError(name, 'a string', value);
  if (value.includes('\0')) throw new ArpqError(-22, name, { subject: value });
  return value;
}

function integer(name, value, low, high) {
  if (typeof value !== 'number') throw typeError(name, 'a number', value);
  if (!Number.isInteger(value) || value < low || value > high) {
    throw rangeError(name, `an integer of ${low} to ${high}`, value);
  }
  return value;
}

function options(value, names) {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) throw typeError('options', 'an object', value);
  for (const name of Object.keys(value)) {
    if (!names.includes(name)) {
      throw rangeError('options', `made of ${names.join(', ')}`, `'${name}'`);
    }
  }
  return value;
}

// The bits of the options that are true.
function flags(given, bits) {
  let value = 0;
  for (const [name, bit] of Object.entries(bits)) {
    const option = given[name];
    if (option === undefined) continue;
    if (typeof option !== 'boolean') throw typeError(name, 'a boolean', option);
    if (option) value |= bit;
  }
  return value;
}

const index = bytes(4);

function ifindex(handle, value) {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number') return integer('interface', value, 1, INT32_MAX);
  const name = text('interface', value);
  const code = call.arpq_interface_index(handle, name, index);
  if (code < 0) throw new ArpqError(code, 'arpq_interface_index', { subject: name });
  return layout.readU32(index, 0);
}

// The name of an interface in a scope is one of the namespace of the handle: indexOf tells its index.
function scoped(value, indexOf) {
  const match = /^([^%]*)%([^%/]*[^%/0-9][^%/]*)(.*)$/.exec(value);
  return match ? `${match[1]}%${indexOf(match[2])}${match[3]}` : value;
}

function ip(handle, value, into = bytes(layout.ipSize)) {
  text('ip', value);
  const code = call.arpq_ip_parse(scoped(value, (name) => ifindex(handle, name)), into, 0);
  if (code < 0) throw new ArpqError(code, 'arpq_ip_parse', { subject: value });
  return into;
}

function mac(value) {
  const into = bytes(layout.macSize);
  const code = call.arpq_mac_parse(text('mac', value), into);
  if (code < 0) throw new ArpqError(code, 'arpq_mac_parse', { subject: value });
  return into;
}

function prefix(handle, value) {
  text('prefix', value);
  const into = bytes(layout.ipSize);
  const length = bytes(4);
  const code = call.arpq_prefix_parse(
    scoped(value, (name) => ifindex(handle, name)), into, length, 0);
  if (code < 0) throw new ArpqError(code, 'arpq_prefix_parse', { subject: value });
  return { ip: into, length: layout.readU32(length, 0) };
}

const families = { 4: 2, 6: 10 };

function family(value) {
  if (value === undefined) return 0;
  if (!(value in families)) throw rangeError('family', '4 or 6', value);
  return families[value];
}

function bitsOf(name, set, value) {
  if (!Array.isArray(value)) throw typeError(name, 'an array of names', value);
  let bits = 0;
  const number = bytes(4);
  for (const entry of value) {
    const code = call.arpq_value(constants[`NAMES_${set}`], text(name, entry), number);
    if (code < 0) throw rangeError(name, `made of names of ARPQ_${set}_*`, `'${entry}'`);
    bits = (bits | layout.readU32(number, 0)) >>> 0;
  }
  return bits;
}

const filterNames = ['interface', 'master', 'states', 'flags', 'prefix', 'family', 'mac', 'proxy'];

function filter(handle, value) {
  if (value === undefined) return null;
  const given = options(value, filterNames);
  const members = { flags: flags(given, { proxy: constants.FILTER_PROXY }) };
  members.ifindex = ifindex(handle, given.interface);
  members.master = ifindex(handle, given.master);
  members.family = family(given.family);
  if (given.states !== undefined) members.states = bitsOf('states', 'STATE', given.states);
  if (given.flags !== undefined) members.neigh_flags = bitsOf('flags', 'NEIGH_FLAG', given.flags);
  if (given.mac !== undefined) members.mac = mac(given.mac);
  if (given.prefix !== undefined) {
    const parsed = prefix(handle, given.prefix);
    members.prefix = parsed.ip;
    members.prefix_length = parsed.length;
  }
  return layout.writeOptions('arpq_filter', members);
}

module.exports = {
  INT32_MAX, text, integer, options, flags, ifindex, scoped, ip, mac, prefix, family, filter, filterNames,
};
