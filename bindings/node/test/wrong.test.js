// SPDX-License-Identifier: MIT
// What a program should not do: an exception that says what to do, never a crash.
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { Worker } = require('node:worker_threads');
const { Handle, ArpqError } = require('..');

const wrongTypes = [undefined, null, 0, 1.5, NaN, -1, 2n ** 64n, true, {}, [], Symbol('x'), () => 0,
  Buffer.alloc(24), new Date()];

test('wrong types of addresses', async () => {
  const handle = new Handle();
  for (const value of wrongTypes) {
    for (const name of ['lookup', 'lookupMac', 'get', 'findMac', 'sweep', 'interfaceIndex']) {
      assert.throws(() => handle[name](value), { code: 'ERR_INVALID_ARG_TYPE' }, name);
    }
    for (const name of ['resolve', 'ping']) {
      await assert.rejects(handle[name](value), { code: 'ERR_INVALID_ARG_TYPE' }, name);
    }
  }
  handle.close();
});

test('text that is no address', async () => {
  const handle = new Handle();
  for (const value of ['', ' ', '192.0.2', '192.0.2.1 ', '192.0.2.256', '::g', 'a\0b', 'x'.repeat(100000), 'fe80::1%none']) {
    for (const name of ['lookup', 'get', 'findMac', 'sweep']) {
      assert.throws(() => handle[name](value), ArpqError, `${name} ${value.slice(0, 20)}`);
    }
    await assert.rejects(handle.resolve(value), ArpqError);
  }
  handle.close();
});

test('wrong options', async () => {
  const handle = new Handle();
  const refused = [
    () => handle.lookup('192.0.2.9', 5),
    () => handle.lookup('192.0.2.9', null),
    () => handle.lookup('192.0.2.9', { iface: 'v0' }),
    () => handle.lookup('192.0.2.9', { interface: -1 }),
    () => handle.lookup('192.0.2.9', { interface: 2 ** 31 }),
    () => handle.lookup('192.0.2.9', { interface: {} }),
    () => handle.lookup('192.0.2.9', { viaGateway: 1 }),
    () => handle.table({ states: 'REACHABLE' }),
    () => handle.table({ states: ['NOWHERE'] }),
    () => handle.table({ family: 5 }),
    () => handle.gateways({ family: 'x' }),
    () => handle.sweep('192.0.2.0/24', { rate: 0 }),
    () => handle.sweep('192.0.2.0/24', { vlan: 4095 }),
    () => handle.watch({ neighbours: 'no' }),
    () => handle.peer('x'),
    () => handle.peer({}),
    () => new Handle({ netns: 1.5 }),
    () => new Handle('x'),
  ];
  for (const call of refused) {
    assert.throws(call, (error) => ['ERR_INVALID_ARG_TYPE', 'ERR_OUT_OF_RANGE'].includes(error.code), String(call));
  }
  assert.throws(() => handle.lookup('192.0.2.9', { anyInterface: true, interface: 'v0' }), { code: 'EINVAL' });
  await assert.rejects(handle.resolve('192.0.2.9', { timeout: 0 }), { code: 'ERR_OUT_OF_RANGE' });
  await assert.rejects(handle.ping('192.0.2.9', { hopLimit: 256 }), { code: 'ERR_OUT_OF_RANGE' });
  handle.close();
});

test('a closed handle', async () => {
  const handle = new Handle();
  handle.close();
  for (const name of ['lookup', 'get', 'findMac', 'sweep', 'interfaceIndex']) {
    assert.throws(() => handle[name]('192.0.2.9'), { code: 'ERR_ARPQ_CLOSED' }, name);
  }
  for (const name of ['table', 'interfaces', 'gateways', 'watch', 'mirror']) {
    assert.throws(() => handle[name](), { code: 'ERR_ARPQ_CLOSED' }, name);
  }
  await assert.rejects(handle.resolve('192.0.2.9'), { code: 'ERR_ARPQ_CLOSED' });
  await assert.rejects(handle.ping('192.0.2.9'), { code: 'ERR_ARPQ_CLOSED' });
});

test('methods of another object', () => {
  assert.throws(() => Handle.prototype.lookup.call({}, '192.0.2.9'), TypeError);
  assert.throws(() => Handle(), TypeError);
});

const waits = `
  const { Handle } = require(${JSON.stringify(path.join(__dirname, '..'))});
  const handle = new Handle();
  (async () => { for await (const event of handle.watch()) event.type; })();
  setInterval(() => { handle.ping('127.0.0.1').catch(() => {}); }, 1);
  require('node:worker_threads').parentPort?.postMessage('waiting');
`;

test('threads that are terminated while they wait', async () => {
  for (let round = 0; round < 5; round++) {
    const worker = new Worker(waits, { eval: true });
    await once(worker, 'message');
    await new Promise((resolve) => { setTimeout(resolve, 20 * round); });
    await worker.terminate();
  }
});

test('a process that exits while it waits', () => {
  const { status, stderr } = spawnSync(
    process.execPath, ['-e', `${waits} setTimeout(() => process.exit(3), 50)`], { encoding: 'utf8' });
  assert.equal(status, 3, stderr);
});

// load(ENVIRONMENT) - what a process says that loads the package
function load(environment) {
  const { status, stderr } = spawnSync(process.execPath, ['-e', 'require(".")'], {
    cwd: path.join(__dirname, '..'),
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  assert.equal(status, 1, stderr); // an exception, no signal
  return stderr;
}

test('a library that does not fit', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'arpq-'));
  const file = path.join(directory, 'abi.json');
  const abi = JSON.parse(fs.readFileSync(process.env.ARPQ_ABI_JSON, 'utf8'));
  const described = (change) => {
    fs.writeFileSync(file, JSON.stringify({ ...abi, ...change }));
    return load({ ARPQ_ABI_JSON: file });
  };
  assert.match(described({ abi: 7 }), /ABI 0, but .* ABI 7: install/);
  const structs = abi.structs.map((entry) => (
    entry.name === 'arpq_neigh' ? { ...entry, size: 136 } : entry));
  assert.match(described({ structs }), /struct arpq_neigh has 128 bytes/);
  fs.writeFileSync(file, '{');
  assert.match(load({ ARPQ_ABI_JSON: file }), /cannot be used/);
  assert.match(load({ ARPQ_ABI_JSON: '/nowhere' }), /cannot be used/);
  assert.match(load({ ARPQ_LIBRARY: '/nowhere' }), /cannot be loaded .* install libarpq/);
  assert.match(load({ ARPQ_LIBRARY: 'libc.so.6' }), /lacks arpq_abi/);
  fs.rmSync(directory, { recursive: true });
});
