// SPDX-License-Identifier: MIT
// The functions of @network-utils/arp-lookup 2, answered by the kernel's table without the program
// arp. As there, the table is IPv4 with Ethernet addresses, and type is "unknown" on Linux. One
// difference: fromPrefix takes every spelling of a prefix that isPrefix does.
'use strict';

const { isIP } = require('node:net');
const { Handle } = require('../lib/index');

let handle = null;

const normalize = (mac) => mac.replace(/-/g, ':').toLowerCase();
const isMAC = (mac) => /^([0-9A-F]{2}[:-]){5}[0-9A-F]{2}$/i.test(mac);
const isPrefix = (prefix) => /^([0-9A-F]{2}[:-]){2}[0-9A-F]{2}$/i.test(prefix);

async function getTable() {
  handle = handle ?? new Handle();
  return handle
    .table({ family: 4, states: ['REACHABLE', 'STALE', 'DELAY', 'PROBE', 'PERMANENT'] })
    .filter(({ mac }) => mac !== null && isMAC(mac))
    .map(({ ip, mac }) => ({ ip, mac, type: 'unknown' }));
}

async function toMAC(ip) {
  if (!isIP(ip)) throw new Error('Invalid IP');
  return (await getTable()).find((row) => row.ip === ip)?.mac ?? null;
}

async function toIP(mac) {
  if (!isMAC(mac)) throw new Error('Invalid MAC');
  const wanted = normalize(mac);
  return (await getTable()).find((row) => row.mac === wanted)?.ip ?? null;
}

async function fromPrefix(prefix) {
  if (!isPrefix(prefix)) throw new Error('Invalid Prefix');
  const wanted = normalize(prefix);
  return (await getTable()).filter((row) => row.mac.startsWith(wanted));
}

async function getType(address) {
  if (!isIP(address) && !isMAC(address)) throw new Error('Invalid address');
  const wanted = isMAC(address) ? normalize(address) : address;
  const row = (await getTable()).find(({ ip, mac }) => ip === wanted || mac === wanted);
  return row?.type ?? 'undefined';
}

async function isType(type, address) {
  return type === (await getType(address));
}

const functions = { fromPrefix, getTable, getType, isType, isIP, isMAC, isPrefix, toIP, toMAC };

Object.defineProperty(exports, '__esModule', { value: true });
Object.assign(exports, functions, { default: functions });
