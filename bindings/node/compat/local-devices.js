// SPDX-License-Identifier: MIT
// find of local-devices 4, without the program arp and without TCP connections to every address: the
// addresses are asked for by ARP. The option arpPath is accepted and has no effect.
'use strict';

const dns = require('node:dns').promises;
const { isIPv4, isIPv6 } = require('node:net');
const { Handle } = require('../lib/index');

const RANGE_MAX = 65536;
const TIMEOUT_MS = 1000; // as long as the original waits for a connection
const running = new Map();

const toNumber = (ip) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toText = (number) => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');

// "192.0.2.1-192.0.2.9", or "192.0.2.1-9"
function addressesOf(range) {
  const [first, given] = range.split('-');
  const last = /^\d+$/.test(given) ? first.replace(/\d+$/, given) : given;
  if (!isIPv4(first) || !isIPv4(last)) throw new Error(`'${range}' is no range of IPv4 addresses`);
  const count = toNumber(last) - toNumber(first) + 1;
  if (count < 1 || count > RANGE_MAX) throw new Error(`'${range}' is not a range of 1 to ${RANGE_MAX} addresses`);
  return Array.from({ length: count }, (_, n) => toText(toNumber(first) + n));
}

async function swept(handle, prefix) {
  const devices = [];
  for await (const { ip, mac, flags } of handle.sweep(prefix)) {
    if (mac !== null && !flags.includes('LOCAL') && !flags.includes('DUPLICATE')) devices.push({ ip, mac });
  }
  return devices;
}

async function resolved(handle, ips) {
  const results = await handle.resolveMany(ips, { timeout: TIMEOUT_MS });
  return results
    .filter(({ neigh }) => neigh && neigh.mac !== null && !neigh.flags.includes('LOCAL'))
    .map(({ ip, neigh }) => ({ ip, mac: neigh.mac }));
}

function localPrefixes(handle) {
  return handle.interfaces()
    .filter(({ flags }) => flags.includes('UP') && !flags.includes('LOOPBACK') && !flags.includes('NOARP'))
    .flatMap(({ addresses }) => addresses)
    .filter(({ ip, prefixLength }) => isIPv4(ip) && prefixLength < 32)
    .map(({ ip, prefixLength }) => `${ip}/${prefixLength}`);
}

async function nameOf(ip) {
  try {
    const { hostname } = await dns.lookupService(ip, 0);
    return hostname === ip ? '?' : hostname;
  } catch {
    return '?';
  }
}

async function search(handle, address, skipNameResolution) {
  if (address !== '' && !/[/-]/.test(address)) {
    if (!isIPv4(address) && !isIPv6(address)) throw new Error('Invalid IP address provided.');
    const [device] = await resolved(handle, [address]);
    return device && { name: '?', ...device };
  }
  let found;
  if (address.includes('/')) found = await swept(handle, address);
  else if (address !== '') found = await resolved(handle, addressesOf(address));
  else found = (await Promise.all(localPrefixes(handle).map((prefix) => swept(handle, prefix)))).flat();
  const devices = [...new Map(found.map((device) => [device.ip, device])).values()];
  return Promise.all(devices.map(async (device) => (
    { name: skipNameResolution ? '?' : await nameOf(device.ip), ...device })));
}

async function searchOnce(address, skipNameResolution) {
  const handle = new Handle();
  try {
    return await search(handle, address, skipNameResolution);
  } finally {
    handle.close();
  }
}

// Calls for the same addresses at the same time share one search, as in the original.
module.exports = function find({ address = '', skipNameResolution = false } = {}) {
  const key = String(address ?? '');
  if (!running.has(key)) {
    running.set(key, searchOnce(key, skipNameResolution).finally(() => running.delete(key)));
  }
  return running.get(key);
};
