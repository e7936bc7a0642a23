// SPDX-License-Identifier: MIT
// Run by tests/bindings/language.sh, which describes the network.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const { test } = require('node:test');
const { Handle, ArpqError, version, abi } = require('..');

const ip = (...words) => execFileSync('ip', words);
const slowness = Number(process.env.ARPQ_TEST_SLOWNESS ?? 1);
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

function withHandle(body) {
  return async () => {
    const handle = new Handle();
    try {
      await body(handle);
    } finally {
      handle.close();
    }
  };
}

function fails(code) {
  return (error) => error instanceof ArpqError && error.code === code && error.errno < 0 && error.message.includes(code);
}

test('the library is loaded', () => {
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.equal(typeof abi, 'number');
});

test('lookup', withHandle((handle) => {
  assert.equal(handle.lookup('192.0.2.9'), '02:00:00:00:00:09');
  assert.equal(handle.lookup('192.0.2.9', { interface: 'v0' }), '02:00:00:00:00:09');
  assert.equal(handle.lookup('192.0.2.9', { interface: handle.interfaceIndex('v0') }), '02:00:00:00:00:09');
  assert.deepEqual(handle.lookupMac('192.0.2.9'), { mac: '02:00:00:00:00:09', type: 'ETHER', origin: 'TABLE' });
  assert.equal(handle.lookupMac('192.0.2.1').origin, 'LOCAL');
  assert.equal(handle.lookupMac('192.0.2.255').mac, 'ff:ff:ff:ff:ff:ff');
  assert.throws(() => handle.lookup('192.0.2.1', { tableOnly: true }), fails('ENOENT'));
  assert.throws(() => handle.lookup('192.0.2.77'), fails('ENOENT'));
  assert.throws(() => handle.get('fe80::77%v0'), fails('ENOENT'));
  assert.throws(() => handle.lookup('198.51.100.1'), fails('ENETUNREACH'));
  assert.throws(() => handle.lookup('192.0.2.9', { interface: 'none' }), fails('ENODEV'));
}));

test('the entry of an address', withHandle((handle) => {
  const neigh = handle.get('192.0.2.9');
  assert.equal(neigh.ip, '192.0.2.9');
  assert.equal(neigh.state, 'PERMANENT');
  assert.equal(neigh.ifindex, handle.interfaceIndex('v0'));
  assert.equal(Object.isFrozen(neigh), true);
  assert.throws(() => handle.get('192.0.2.77'), fails('ENOENT'));
}));

test('lists', withHandle((handle) => {
  assert.deepEqual(handle.table({ states: ['PERMANENT'] }).map((neigh) => neigh.ip), ['192.0.2.9']);
  assert.deepEqual(handle.table({ prefix: '192.0.2.8/30', interface: 'v0' }).map((neigh) => neigh.ip), ['192.0.2.9']);
  assert.deepEqual(handle.table({ family: 6, states: ['PERMANENT'] }), []);
  assert.deepEqual(handle.findMac('02-00-00-00-00-09').map((neigh) => neigh.ip), ['192.0.2.9']);
  const v0 = handle.interfaces().find((entry) => entry.name === 'v0');
  assert.equal(v0.type, 'ETHER');
  assert.ok(v0.flags.includes('UP'));
  assert.ok(v0.addresses.some((address) => address.ip === '192.0.2.1' && address.validS === Infinity));
  assert.equal(handle.interfaceName(v0.ifindex), 'v0');
  assert.ok('rxPackets' in v0 === false);
  const [gateway] = handle.gateways({ family: 4 });
  assert.equal(gateway.ip, '192.0.2.2');
  assert.equal(gateway.ifindex, v0.ifindex);
  assert.ok(gateway.flags.includes('CHOSEN'));
}));

test('the other end of a socket', withHandle(async (handle) => {
  const server = net.createServer().listen(0, '192.0.2.1');
  await once(server, 'listening');
  const socket = net.connect(server.address().port, '192.0.2.1');
  await once(socket, 'connect');
  assert.equal(handle.peer(socket).origin, 'LOCAL');
  socket.destroy();
  server.close();
  assert.throws(() => handle.peer(socket), { code: 'ERR_INVALID_ARG_TYPE' });
  const file = fs.openSync('/dev/null');
  assert.throws(() => handle.peer(file), fails('ENOTSOCK'));
  fs.closeSync(file);
}));

test('resolve', withHandle(async (handle) => {
  const [one, two] = await Promise.all([handle.resolve('192.0.2.2'), handle.resolve('2001:db8::2')]);
  assert.equal(one.mac, '02:00:00:00:00:02');
  assert.equal(two.mac, '02:00:00:00:00:02');
  await assert.rejects(handle.resolve('192.0.2.77', { timeout: 50 }), fails('EHOSTUNREACH'));
  const many = await handle.resolveMany(['192.0.2.2', '192.0.2.77', '198.51.100.1'], { timeout: 50 });
  assert.deepEqual(many.map(({ neigh, error }) => neigh?.mac ?? error.code),
    ['02:00:00:00:00:02', 'EHOSTUNREACH', 'ENETUNREACH']);
}));

test('a wait does not stop the event loop', withHandle(async (handle) => {
  let ticks = 0;
  const timer = setInterval(() => { ticks += 1; }, 5);
  await assert.rejects(handle.resolve('192.0.2.78', { timeout: 300 }), fails('EHOSTUNREACH'));
  clearInterval(timer);
  assert.ok(ticks > 20 / slowness, `${ticks} ticks`);
}));

test('ping', withHandle(async (handle) => {
  const reply = await handle.ping('192.0.2.2', { payloadSize: 100 });
  assert.equal(reply.from, '192.0.2.2');
  assert.equal(reply.payloadSize, 100);
  assert.ok(reply.rttNs > 0);
  assert.equal((await handle.ping('192.0.2.2', { payloadSize: 0 })).payloadSize, 0);
  await assert.rejects(handle.ping('192.0.2.9', { timeout: 50 }), fails('ETIMEDOUT'));
}));

test('sweep', withHandle(async (handle) => {
  const sweep = handle.sweep('192.0.2.0/29', { answerTime: 100, attempts: 1 });
  const found = new Map();
  for await (const machine of sweep) found.set(machine.ip, machine);
  assert.equal(found.get('192.0.2.2').mac, '02:00:00:00:00:02');
  assert.ok(found.get('192.0.2.1').flags.includes('LOCAL'));
  assert.equal(sweep.stats().finished, 1);
  assert.equal(sweep.stats().found, found.size);
}));

test('watch', withHandle(async (handle) => {
  const watch = handle.watch({ existing: true, filter: { prefix: '192.0.2.64/27' } });
  assert.equal((await watch.next()).value.type, 'SYNCED');
  const next = watch.next();
  ip('neigh', 'add', '192.0.2.70', 'lladdr', '02:00:00:00:00:70', 'dev', 'v0');
  const { value: added } = await next;
  assert.equal(added.type, 'NEIGH_ADDED');
  assert.equal(added.neigh.mac, '02:00:00:00:00:70');
  ip('neigh', 'change', '192.0.2.70', 'lladdr', '02:00:00:00:00:71', 'dev', 'v0');
  const { value: moved } = await watch.next();
  assert.equal(moved.type, 'NEIGH_MOVED');
  assert.equal(moved.oldMac, '02:00:00:00:00:70');
  ip('neigh', 'del', '192.0.2.70', 'dev', 'v0');
  for await (const event of watch) if (event.type === 'NEIGH_REMOVED') break;
  assert.deepEqual(await watch.next(), { value: undefined, done: true });
}));

test('events of interfaces and addresses', withHandle(async (handle) => {
  const watch = handle.watch({ interfaces: true, addresses: true, neighbours: false });
  ip('address', 'add', '192.0.2.130/25', 'dev', 'v0');
  ip('link', 'set', 'v0', 'mtu', '1400');
  const seen = {};
  for await (const event of watch) {
    seen[event.type] = event;
    if (seen.ADDRESS_ADDED && seen.INTERFACE_CHANGED?.interface.mtu === 1400) break;
  }
  assert.equal(seen.ADDRESS_ADDED.address.ip, '192.0.2.130');
  ip('address', 'del', '192.0.2.130/25', 'dev', 'v0');
}));

test('many events, none of them lost', withHandle(async (handle) => {
  const watch = handle.watch({ filter: { prefix: '192.0.2.128/26' } });
  const words = Array.from({ length: 64 }, (_, n) => `neigh add 192.0.2.${128 + n} lladdr 02:00:00:00:01:${(n + 16).toString(16)} dev v0 nud permanent`);
  execFileSync('ip', ['-batch', '-'], { input: words.join('\n') });
  const seen = new Set();
  for await (const { neigh } of watch) {
    seen.add(neigh.ip);
    if (seen.size === 64) break;
  }
  execFileSync('ip', ['-batch', '-'], { input: words.map((line) => line.replace(/add (\S+).*/, 'del $1 dev v0')).join('\n') });
  assert.equal(seen.size, 64);
}));

test('mirror', withHandle(async (handle) => {
  const mirror = handle.mirror();
  assert.equal(mirror.lookup('192.0.2.9'), '02:00:00:00:00:09');
  assert.equal(mirror.get('192.0.2.9', { interface: 'v0' }).state, 'PERMANENT');
  assert.equal(mirror.findMac('02:00:00:00:00:09').length, 1);
  assert.throws(() => mirror.lookup('192.0.2.71'), fails('ENOENT'));
  assert.throws(() => mirror.lookup('fe80::71%v0'), fails('ENOENT'));
  assert.throws(() => mirror.lookup('fe80::71%none'), fails('ENODEV'));
  assert.throws(() => mirror.lookup(7), { code: 'ERR_INVALID_ARG_TYPE' });
  ip('neigh', 'add', '192.0.2.71', 'lladdr', '02:00:00:00:00:71', 'dev', 'v0');
  let mac = null;
  for (let tries = 0; mac === null && tries < 200; tries++) {
    try {
      mac = mirror.lookup('192.0.2.71');
    } catch {
      await sleep(10);
    }
  }
  assert.equal(mac, '02:00:00:00:00:71');
  assert.ok(mirror.stats().entries >= 2);
  mirror.close();
  assert.throws(() => mirror.lookup('192.0.2.9'), { code: 'ERR_ARPQ_CLOSED' });
}));

test('close ends every wait', async () => {
  const handle = new Handle();
  const watch = handle.watch({ filter: { prefix: '192.0.2.200/32' } });
  const event = watch.next();
  const resolving = handle.resolve('192.0.2.79', { timeout: Infinity });
  const pinging = handle.ping('192.0.2.9', { timeout: 60000 });
  setTimeout(() => handle.close(), 20);
  assert.deepEqual(await event, { value: undefined, done: true });
  await assert.rejects(resolving, fails('ECANCELED'));
  await assert.rejects(pinging, fails('ECANCELED'));
  assert.equal(handle.isOpen, false);
  handle.close();
});

test('another namespace', withHandle((outside) => {
  const handle = new Handle({ netns: '/proc/self/ns/net' });
  assert.equal(handle.lookup('192.0.2.9'), outside.lookup('192.0.2.9'));
  handle.close();
  assert.throws(() => new Handle({ netns: '/dev/null' }), fails('EINVAL'));
  assert.throws(() => new Handle({ netns: '/nowhere' }), { code: 'ENOENT' });
}));

test('objects are disposed of', { skip: Symbol.dispose === undefined }, async () => {
  const handle = new Handle();
  const watch = handle.watch();
  watch[Symbol.dispose]();
  assert.equal((await watch.next()).done, true);
  await handle[Symbol.asyncDispose]();
  assert.equal(handle.isOpen, false);
});
