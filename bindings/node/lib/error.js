// SPDX-License-Identifier: MIT
'use strict';

const { abi } = require('./library');

const known = new Map(abi.errors.map((error) => [error.value, error]));

// A call of the library failed: code ("ENOENT"), errno (negative, as in Node's own errors),
// syscall (the function), detail (the kernel's words, or "").
class ArpqError extends Error {
  constructor(errno, syscall, { subject = '', detail = '' } = {}) {
    const error = known.get(-errno);
    const code = error ? error.name : `E${-errno}`;
    const about = subject === '' ? '' : ` '${subject}'`;
    const words = detail === '' ? '' : ` (${detail})`;
    super(`${code}: ${error ? error.text : 'unknown error'}${words}, ${syscall}${about}`);
    this.name = 'ArpqError';
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
    this.detail = detail;
  }
}

function closedError(what) {
  const error = new Error(`the ${what} is closed: open another one`);
  error.code = 'ERR_ARPQ_CLOSED';
  return error;
}

function typeError(name, expected, value) {
  const shown = value === null ? 'null' : typeof value === 'object' ? value.constructor?.name : typeof value;
  const error = new TypeError(`${name} must be ${expected}, not ${shown ?? 'an object'}`);
  error.code = 'ERR_INVALID_ARG_TYPE';
  return error;
}

function rangeError(name, expected, value) {
  const error = new RangeError(`${name} must be ${expected}, not ${value}`);
  error.code = 'ERR_OUT_OF_RANGE';
  return error;
}

module.exports = { ArpqError, closedError, typeError, rangeError };
