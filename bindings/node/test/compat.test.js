// SPDX-License-Identifier: MIT
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const arp = require('../compat/arp-lookup');
const find = require('../compat/local-devices');
const { Handle } = require('..');

test('the functions of arp-lookup', async () => {
  assert.deepEqual(Object.keys(arp.default).sort(),
    ['fromPrefix', 'getTable', 'getType', 'isIP', 'isMAC', 'isPrefix', 'isType', 'toIP', 'toMAC']);
  assert.equal(await arp.toMAC('192.0.2.9'), '02:00:00:00:00:09');
  assert.equal(await arp.toMAC('192.0.2.77'), null);
  assert.equal(await arp.toIP('02-00-00-00-00-09'), '192.0.2.9');
  assert.equal(await arp.toIP('02:00:00:00:00:fe'), null);
  assert.deepEqual((await arp.getTable()).find((row) => row.ip === '192.0.2.9'),
    { ip: '192.0.2.9', mac: '02:00:00:00:00:09', type: 'unknown' });
  assert.ok((await arp.fromPrefix('02-00-00')).some((row) => row.ip === '192.0.2.9'));
  assert.deepEqual(await arp.fromPrefix('0a:00:00'), []);
  assert.equal(await arp.getType('192.0.2.9'), 'unknown');
  assert.equal(await arp.isType('undefined', '192.0.2.77'), true);
  assert.equal(arp.isMAC('04-a1:51:1B-12-92'), true);
  assert.equal(arp.isMAC('not:a:mac'), false);
  assert.equal(arp.isPrefix('04-a1:51'), true);
  assert.equal(arp.isIP('192.0.2.9'), 4);
  await assert.rejects(arp.toMAC('x'), /^Error: Invalid IP$/);
  await assert.rejects(arp.toIP('x'), /^Error: Invalid MAC$/);
  await assert.rejects(arp.fromPrefix('x'), /^Error: Invalid Prefix$/);
  await assert.rejects(arp.getType('x'), /^Error: Invalid address$/);
});

test('entries that are not resolved are left out', async () => {
  const handle = new Handle();
  await assert.rejects(handle.resolve('192.0.2.80', { timeout: 20 }));
  assert.equal(await arp.toMAC('192.0.2.80'), null);
  handle.close();
});

const device = { name: '?', ip: '192.0.2.2', mac: '02:00:00:00:00:02' };

test('find of local-devices', async () => {
  assert.deepEqual(await find({ address: '192.0.2.2' }), device);
  assert.deepEqual(await find({ address: '192.0.2.2-192.0.2.3', skipNameResolution: true }), [device]);
  assert.deepEqual(await find({ address: '192.0.2.0/30', skipNameResolution: true }), [device]);
  assert.equal(await find({ address: '192.0.2.81' }), undefined);
  await assert.rejects(find({ address: 'x' }), /^Error: Invalid IP address provided\.$/);
  await assert.rejects(find({ address: '192.0.2.9-192.0.2.2' }), /is not a range/);
});

test('find everything', async () => {
  const [devices, same] = await Promise.all([find({ skipNameResolution: true }), find({ skipNameResolution: true })]);
  assert.equal(devices, same);
  assert.deepEqual(devices.find(({ ip }) => ip === '192.0.2.2'), device);
  assert.ok(devices.every(({ ip }) => ip !== '192.0.2.1'));
});
