// SPDX-License-Identifier: MIT
// Structs as JavaScript values: by the offsets of arpq-abi.json. Members are named in camelCase,
// addresses are text, values and flags have the names of the library; what has no value is null.
'use strict';

const os = require('node:os');
const { abi, call, constants, bytes } = require('./library');

const little = os.endianness() === 'LE';
const readU16 = little ? Buffer.prototype.readUInt16LE : Buffer.prototype.readUInt16BE;
const readU32 = little ? Buffer.prototype.readUInt32LE : Buffer.prototype.readUInt32BE;
const readI32 = little ? Buffer.prototype.readInt32LE : Buffer.prototype.readInt32BE;
const readU64 = little ? Buffer.prototype.readBigUInt64LE : Buffer.prototype.readBigUInt64BE;
const readI64 = little ? Buffer.prototype.readBigInt64LE : Buffer.prototype.readBigInt64BE;
const writeU16 = little ? Buffer.prototype.writeUInt16LE : Buffer.prototype.writeUInt16BE;
const writeU32 = little ? Buffer.prototype.writeUInt32LE : Buffer.prototype.writeUInt32BE;
const writeI32 = little ? Buffer.prototype.writeInt32LE : Buffer.prototype.writeInt32BE;

const structs = new Map(abi.structs.map((struct) => [struct.name, struct]));
const sets = new Map(abi.sets.map((set) => [set.name, set]));

function offset(struct, member) {
  return structs.get(struct).members.find((entry) => entry.name === member).offset;
}

const ipFamily = offset('arpq_ip', 'family');
const ipScope = offset('arpq_ip', 'scope');
const macType = offset('arpq_mac', 'type');
const macLength = offset('arpq_mac', 'length');
const macOrigin = offset('arpq_mac', 'origin');
const ipSize = structs.get('arpq_ip').size;
const macSize = structs.get('arpq_mac').size;

const AF_INET = 2;
const hex = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));
const scratch = bytes(constants.IP_STRLEN);

function readIp(buffer, at = 0) {
  const family = readU16.call(buffer, at + ipFamily);
  if (family === 0) return null;
  if (family === AF_INET) {
    return `${buffer[at]}.${buffer[at + 1]}.${buffer[at + 2]}.${buffer[at + 3]}`;
  }
  return call.arpq_ip_format(buffer.subarray(at, at + ipSize), scratch, scratch.length) || null;
}

function readMac(buffer, at = 0) {
  const length = buffer[at + macLength];
  if (length === 0) return null;
  let text = hex[buffer[at]];
  for (let n = 1; n < length; n++) text += ':' + hex[buffer[at + n]];
  return text;
}

function readText(buffer, at, size) {
  const text = buffer.toString('utf8', at, at + size);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

// The name of a value; the number where it has none.
function nameOf(setName, value) {
  const entry = sets.get(setName).names.find((candidate) => candidate.value === value);
  return entry ? entry.name : value;
}

const noFlags = Object.freeze([]);

// The names of flags; "0x4000" for a bit that has none.
function flagsOf(setName, value) {
  if (value === 0) return noFlags;
  const names = [];
  let rest = value;
  for (const { name, value: bit } of sets.get(setName).names) {
    if (bit !== 0 && (value & bit) >>> 0 === bit) {
      names.push(name);
      rest = (rest & ~bit) >>> 0;
    }
  }
  if (rest !== 0) names.push(`0x${rest.toString(16)}`);
  return Object.freeze(names);
}

// Which members are values, and which are flags, of a set of names.
const values = {
  arpq_neigh: { state: 'STATE', protocol: 'PROTOCOL' },
  arpq_interface: { type: 'LINK_TYPE', operstate: 'OPERSTATE', linkmode: 'LINK_MODE' },
  arpq_address: { scope: 'SCOPE', protocol: 'ADDRESS_PROTOCOL' },
  arpq_gateway: { protocol: 'PROTOCOL', code: 'ERROR' },
  arpq_event: { type: 'EVENT', old_state: 'STATE' },
  arpq_sweep_stats: { method: 'SWEEP_METHOD' },
};
const flags = {
  arpq_neigh: { flags: 'NEIGH_FLAG' },
  arpq_interface: { flags: 'INTERFACE_FLAG' },
  arpq_address: { flags: 'ADDRESS_FLAG' },
  arpq_gateway: { flags: 'GATEWAY_FLAG' },
  arpq_event: { flags: 'EVENT_FLAG' },
  arpq_found: { flags: 'FOUND_FLAG' },
  arpq_ping_reply: { flags: 'PING_FLAG' },
};

const numbers = {
  uint8_t: (buffer, at) => buffer[at],
  uint16_t: (buffer, at) => readU16.call(buffer, at),
  uint32_t: (buffer, at) => readU32.call(buffer, at),
  int32_t: (buffer, at) => readI32.call(buffer, at),
  uint64_t: (buffer, at) => Number(readU64.call(buffer, at)),
  int64_t: (buffer, at) => Number(readI64.call(buffer, at)),
};

function memberReader(structName, member) {
  if (member.type === 'struct arpq_ip') return readIp;
  if (member.type === 'struct arpq_mac') return readMac;
  if (member.type.startsWith('struct ')) return reader(member.type.slice('struct '.length));
  if (member.type === 'char') return (buffer, at) => readText(buffer, at, member.count);
  const number = numbers[member.type];
  if (/^(valid|preferred)_s$/.test(member.name)) {
    return (buffer, at) => {
      const seconds = number(buffer, at);
      return seconds === constants.FOREVER ? Infinity : seconds;
    };
  }
  const valueSet = values[structName]?.[member.name];
  if (valueSet === 'ERROR') {
    return (buffer, at) => {
      const code = number(buffer, at);
      return code === 0 ? null : nameOf('ERROR', -code);
    };
  }
  if (valueSet) return (buffer, at) => nameOf(valueSet, number(buffer, at));
  const flagSet = flags[structName]?.[member.name];
  if (flagSet) return (buffer, at) => flagsOf(flagSet, number(buffer, at));
  return number;
}

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const readers = new Map();

// reader(NAME) - a function that makes a frozen object of the struct at an offset of a Buffer
function reader(structName) {
  if (readers.has(structName)) return readers.get(structName);
  const parts = structs.get(structName).members
    .filter((member) => !member.name.startsWith('reserved') && (!member.array || member.type === 'char'))
    .map((member) => [camel(member.name), member.offset, memberReader(structName, member)]);
  const read = (buffer, at = 0) => {
    const object = {};
    for (const [name, where, readMember] of parts) object[name] = readMember(buffer, at + where);
    return Object.freeze(object);
  };
  readers.set(structName, read);
  return read;
}

// An event has only the members that its type names.
function readEvent(buffer) {
  const at = (member) => offset('arpq_event', member);
  const type = nameOf('EVENT', readU32.call(buffer, at('type')));
  const event = { type, flags: flagsOf('EVENT_FLAG', readU32.call(buffer, at('flags'))) };
  const oldFlags = readU32.call(buffer, at('old_flags'));
  if (String(type).startsWith('INTERFACE_')) {
    event.interface = reader('arpq_interface')(buffer, at('interface'));
    if (type === 'INTERFACE_CHANGED') event.oldFlags = flagsOf('INTERFACE_FLAG', oldFlags);
  } else if (String(type).startsWith('ADDRESS_')) {
    event.address = reader('arpq_address')(buffer, at('address'));
    if (type === 'ADDRESS_CHANGED') event.oldFlags = flagsOf('ADDRESS_FLAG', oldFlags);
  } else if (String(type).startsWith('NEIGH_') || type === 'CONFLICT') {
    event.neigh = reader('arpq_neigh')(buffer, at('neigh'));
    if (type !== 'NEIGH_ADDED') event.oldMac = readMac(buffer, at('old_mac'));
    if (type === 'NEIGH_CHANGED' || type === 'NEIGH_MOVED') {
      event.oldState = nameOf('STATE', readU32.call(buffer, at('old_state')));
      event.oldFlags = flagsOf('NEIGH_FLAG', oldFlags);
    }
  }
  return Object.freeze(event);
}

// A struct with these members set and the others zero. A Buffer is copied into a struct member.
function write(structName, members) {
  const struct = structs.get(structName);
  const buffer = bytes(struct.size);
  for (const [name, value] of Object.entries(members)) {
    const member = struct.members.find((entry) => entry.name === name);
    if (Buffer.isBuffer(value)) value.copy(buffer, member.offset);
    else if (member.type === 'uint8_t') buffer[member.offset] = value;
    else if (member.type === 'uint16_t') writeU16.call(buffer, value, member.offset);
    else if (member.type === 'int32_t') writeI32.call(buffer, value, member.offset);
    else writeU32.call(buffer, value, member.offset);
  }
  return buffer;
}

// Options begin with their own size.
function writeOptions(structName, members) {
  return write(structName, { size: structs.get(structName).size, ...members });
}

module.exports = {
  ipSize, macSize, macType, macOrigin, ipScope,
  readIp, readMac, readEvent, reader, nameOf, flagsOf, write, writeOptions, offset,
  readU16: (buffer, at) => readU16.call(buffer, at),
  readU32: (buffer, at) => readU32.call(buffer, at),
  readI32: (buffer, at) => readI32.call(buffer, at),
  readU64: (buffer, at) => readU64.call(buffer, at),
  writeU32: (buffer, value, at) => writeU32.call(buffer, value, at),
  sizeOf: (structName) => structs.get(structName).size,
};
