// SPDX-License-Identifier: MIT
// Objects that a program forgets, in every order: they are closed, and nothing else is.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { test } = require('node:test');
const { Handle } = require('..');

const tick = () => new Promise((resolve) => { setImmediate(resolve); });
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const descriptors = () => fs.readdirSync('/proc/self/fd').length;

// In a function of its own, so that no variable of the caller keeps an object.
async function forget() {
  const kept = [];
  for (let round = 0; round < 60; round++) {
    const handle = new Handle();
    const made = [handle, handle.watch(), handle.mirror(), handle.sweep('192.0.2.0/30')];
    handle.ping('192.0.2.9', { timeout: 1 }).catch(() => {});
    kept.push(made[(round * 7) % made.length]);
    if (round % 5 === 4) kept[(round * 3) % kept.length] = null;
    if (round % 10 === 9) {
      global.gc();
      await tick();
    }
    if (round % 3 === 0) {
      made[1].next().catch(() => {}); // a wait keeps its watch, until the handle is closed
      handle.close();
    }
  }
  for (const object of kept) object?.close();
}

test('forgotten objects are closed', { skip: typeof gc !== 'function' && 'needs --expose-gc' }, async () => {
  new Handle().close();
  const before = descriptors();
  await forget();
  for (let tries = 0; descriptors() > before && tries < 100; tries++) {
    global.gc();
    await sleep(10);
  }
  assert.ok(descriptors() <= before, `${descriptors()} descriptors, ${before} before`);
});

test('a watch outlives its handle variable', { skip: typeof gc !== 'function' && 'needs --expose-gc' }, async () => {
  const watch = (() => new Handle().watch({ existing: true, filter: { states: ['PERMANENT'] } }))();
  global.gc();
  await tick();
  assert.equal((await watch.next()).value.neigh.ip, '192.0.2.9');
  watch.close();
});
