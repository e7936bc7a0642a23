// SPDX-License-Identifier: MIT
// Loads the library and declares its functions as arpq-abi.json describes them. Pointers are passed
// as `void *`: structs are bytes in a Buffer, which layout.js reads and writes.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

// A koffi call costs as much as the lookup, and a wrong pointer is a crash: nothing but this file
// and its users may see a pointer, and every argument is checked before a call.
const koffi = require('koffi');

function fail(message, code) {
  const error = new Error(message);
  error.code = code;
  return error;
}

// The description belongs to the library: the one in the package, in the source tree, installed.
function descriptionPath() {
  if (process.env.ARPQ_ABI_JSON) return process.env.ARPQ_ABI_JSON;
  const places = [
    path.join(__dirname, '..', 'arpq-abi.json'),
    path.join(__dirname, '..', '..', '..', 'include', 'arpq-abi.json'),
    '/usr/local/share/arpq/arpq-abi.json',
    '/usr/share/arpq/arpq-abi.json',
  ];
  const found = places.find((place) => fs.existsSync(place));
  if (!found) {
    throw fail(
      'arpq-abi.json is not found: install the development files of libarpq, or set ' +
        'ARPQ_ABI_JSON to the path of the file',
      'ERR_ARPQ_NO_DESCRIPTION');
  }
  return found;
}

function readDescription(file) {
  try {
    const abi = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (!Array.isArray(abi.functions) || !Array.isArray(abi.structs)) throw new Error('no functions');
    return abi;
  } catch (cause) {
    throw fail(
      `${file} cannot be used (${cause.message}): install the development files of libarpq again`,
      'ERR_ARPQ_NO_DESCRIPTION');
  }
}

function loadLibrary(abi) {
  const name = process.env.ARPQ_LIBRARY || `libarpq.so.${abi.abi}`;
  try {
    return koffi.load(name);
  } catch (cause) {
    throw fail(
      `${name} cannot be loaded (${cause.message}): install libarpq, or set ARPQ_LIBRARY to the ` +
        'path of the library',
      'ERR_ARPQ_NO_LIBRARY');
  }
}

function koffiType(type, abi) {
  if (type === 'const char *') return 'const char *';
  if (type.includes('*') || abi.callbacks.some((callback) => callback.name === type)) return 'void *';
  return type;
}

function declare(library, abi, name) {
  const described = abi.functions.find((entry) => entry.name === name);
  if (!described) {
    throw fail(
      `arpq-abi.json does not describe ${name}: use the file of the libarpq that is installed`,
      'ERR_ARPQ_ABI');
  }
  try {
    return library.func(
      name,
      koffiType(described.returns, abi),
      described.parameters.map((parameter) => koffiType(parameter.type, abi)));
  } catch (cause) {
    throw fail(
      `the library lacks ${name} (${cause.message}): install a later libarpq`, 'ERR_ARPQ_ABI');
  }
}

// Refuses a library that was compiled with other structs, before any struct is passed to it.
function checkAbi(library, abi, file) {
  const number = declare(library, abi, 'arpq_abi')();
  if (number !== abi.abi) {
    throw fail(
      `the library has ABI ${number}, but ${file} describes ABI ${abi.abi}: install the ` +
        'libarpq and the arpq package that belong together',
      'ERR_ARPQ_ABI');
  }
  const sizeOf = declare(library, abi, 'arpq_sizeof');
  for (const struct of abi.structs) {
    const size = Number(sizeOf(struct.name));
    // The size of a struct with pointers is that of the machine where the file was written.
    if (size === 0 || (!struct.pointers && size !== struct.size)) {
      throw fail(
        `struct ${struct.name} has ${size} bytes in the library, but ${struct.size} in ${file}: ` +
          'use the arpq-abi.json of the libarpq that is installed',
        'ERR_ARPQ_ABI');
    }
  }
}

function load() {
  if (typeof koffi.node?.poll !== 'function') {
    throw fail('this koffi cannot poll descriptors: install koffi 3.3 or later', 'ERR_ARPQ_KOFFI');
  }
  const file = descriptionPath();
  const abi = readDescription(file);
  const library = loadLibrary(abi);
  checkAbi(library, abi, file);
  const call = {};
  for (const { name } of abi.functions) {
    Object.defineProperty(call, name, {
      configurable: true,
      enumerable: true,
      get() { // declared at the first use: there are 127, and a program uses ten
        const declared = declare(library, abi, name);
        Object.defineProperty(call, name, { value: declared, enumerable: true });
        return declared;
      },
    });
  }
  const constants = {};
  for (const { name, value } of abi.constants) constants[name.replace(/^ARPQ_/, '')] = value;
  return { abi, call, constants: Object.freeze(constants) };
}

const { abi, call, constants } = load();

const pointerSize = koffi.sizeof('void *');

// The pointer that a function wrote to its output parameter.
function pointerIn(buffer) {
  return pointerSize === 8
    ? new BigUint64Array(buffer.buffer, buffer.byteOffset, 1)[0]
    : BigInt(new Uint32Array(buffer.buffer, buffer.byteOffset, 1)[0]);
}

// Bytes that are not part of the pool of Buffer, and aligned for every struct.
function bytes(size) {
  return Buffer.from(new ArrayBuffer(size));
}

// A copy of memory that the library owns.
function copyOf(pointer, size) {
  return Buffer.from(koffi.view(pointer, size).slice(0));
}

module.exports = { abi, call, constants, pointerIn, bytes, copyOf, poll: koffi.node.poll };
