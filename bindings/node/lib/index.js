// SPDX-License-Identifier: MIT
'use strict';

const { abi, call, constants } = require('./library');
const { ArpqError } = require('./error');
const { Handle, Watch, Sweep } = require('./handle');
const { Mirror } = require('./mirror');

module.exports = {
  Handle,
  Watch,
  Sweep,
  Mirror,
  ArpqError,
  constants,
  abi: abi.abi,
  version: call.arpq_version(),
};
