// SPDX-License-Identifier: MIT
// Objects are opened, used, closed and forgotten in random order in eight threads at a time, each
// of which has handles of its own. ARPQ_CHAOS_SECONDS makes it long, ARPQ_SEED repeats it.
'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { test } = require('node:test');
const { Worker, isMainThread, workerData } = require('node:worker_threads');

const THREADS = 8;
const seconds = Number(process.env.ARPQ_CHAOS_SECONDS ?? 1);

// mulberry32
function randomFrom(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const ignore = () => {};

function attempt(call) {
  try {
    return call();
  } catch (error) {
    if (error.code === 'ERR_ARPQ_CLOSED' || error.syscall?.startsWith('arpq_')) return undefined;
    throw error;
  }
}

async function chaos({ seed, end }) {
  const { Handle } = require('..');
  const random = randomFrom(seed);
  const objects = [new Handle()];
  const any = () => objects[random(objects.length)];
  const handle = () => objects.find((object) => object instanceof Handle && object.isOpen) ?? new Handle();
  const actions = [
    () => objects.push(new Handle()),
    () => objects.push(handle().watch({ existing: true })),
    () => objects.push(handle().mirror()),
    () => objects.push(handle().sweep('192.0.2.0/30', { attempts: 1, answerTime: 1 })),
    () => any().next?.().catch(ignore),
    () => any().lookup?.('192.0.2.9'),
    () => any().table?.(),
    () => any().stats?.(),
    () => any().resolve?.('192.0.2.2', { timeout: 1 + random(5) }).catch(ignore),
    () => any().ping?.('192.0.2.1', { timeout: 1 + random(5) }).catch(ignore),
    () => any().close(),
    () => objects.splice(random(objects.length), 1), // forgotten
    () => objects.splice(random(objects.length), 1),
  ];
  let steps = 0;
  while (steps < 200 || Date.now() < end) {
    attempt(actions[random(actions.length)]);
    if (objects.length === 0 || objects.length > 30) objects.splice(0, objects.length, new Handle());
    steps += 1;
    if (steps % 50 === 0) global.gc?.();
    if (steps % 10 === 0) await new Promise((resolve) => { setImmediate(resolve); });
  }
  process.exit(0); // with objects still open and waiting
}

if (!isMainThread) {
  chaos(workerData);
} else {
  test('random order in eight threads', async (context) => {
    const seed = Number(process.env.ARPQ_SEED ?? Date.now() % 1e9);
    context.diagnostic(`seed ${seed}`);
    const end = Date.now() + seconds * 1000;
    const codes = await Promise.all(Array.from({ length: THREADS }, async (_, n) => {
      const worker = new Worker(__filename, { workerData: { seed: seed + n, end } });
      const [code] = await once(worker, 'exit');
      return code;
    }));
    assert.deepEqual(codes, Array(THREADS).fill(0));
  });
}
