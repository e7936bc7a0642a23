// SPDX-License-Identifier: MIT
// Waits without blocking the event loop: every object that tells results has a descriptor, which the
// event loop polls, and its _next is called with a timeout of 0. No thread waits.
'use strict';

const { isMainThread } = require('node:worker_threads');
const { call, bytes, poll } = require('./library');
const { ArpqError } = require('./error');
const layout = require('./layout');

const ENODATA = -61;
const ECANCELED = -125;
const WORKER_INTERVAL_MS = 5;
const BUSY_RESULTS = 256; // results in a row, after which timers and sockets get their turn

// Closes what a program dropped without closing it.
const dropped = new FinalizationRegistry(({ close, pointer }) => close(pointer));

// In a worker thread a poll of koffi 3.3 crashes the process when the thread is terminated. There
// the object is asked at intervals, while somebody waits.
function timer(ready) {
  const interval = setInterval(ready, WORKER_INTERVAL_MS);
  return { close: () => clearInterval(interval) };
}

// An object of the library that has a descriptor: opened, polled, closed.
class Polled {
  #poll = null;

  constructor(owner, kind, pointer) {
    this.owner = owner;
    this.kind = kind;
    this.pointer = pointer;
    dropped.register(this, { close: call[`arpq_${kind}_close`], pointer }, this);
  }

  get isOpen() {
    return this.pointer !== null;
  }

  failure(code, name, subject) {
    return new ArpqError(code, name, { subject, detail: this.owner.detail() });
  }

  // Calls ready() when the descriptor is readable, until unwatch().
  watchDescriptor(ready) {
    if (this.#poll) return;
    if (isMainThread) {
      this.#poll = poll(call[`arpq_${this.kind}_fd`](this.pointer), { readable: true }, ready);
    } else {
      this.#poll = timer(ready);
    }
  }

  unwatch() {
    this.#poll?.close();
    this.#poll = null;
  }

  release() {
    if (!this.isOpen) return;
    this.unwatch();
    dropped.unregister(this);
    call[`arpq_${this.kind}_close`](this.pointer);
    this.pointer = null;
  }
}

// An async iterator over the results of a watch or a sweep.
class Source {
  #polled;
  #result;
  #read;
  #requests = [];
  #inARow = 0;

  constructor(polled, structName, read) {
    this.#polled = polled;
    this.#result = bytes(layout.sizeOf(structName));
    this.#read = read;
  }

  get polled() {
    return this.#polled;
  }

  // eslint-disable-next-line class-methods-use-this
  finishing() {}

  #answerOne() {
    const name = `arpq_${this.#polled.kind}_next`;
    const code = call[name](this.#polled.pointer, this.#result, 0);
    if (code === 0) return false;
    const request = this.#requests.shift();
    if (code === 1) {
      request.resolve({ value: this.#read(this.#result, 0), done: false });
    } else if (code === ENODATA) {
      this.#requests.unshift(request);
      this.close();
    } else {
      request.reject(this.#polled.failure(code, name));
    }
    return true;
  }

  #answer() {
    while (this.#requests.length > 0 && this.#polled.isOpen) {
      if (!this.#answerOne()) {
        this.#inARow = 0;
        this.#polled.watchDescriptor(() => this.#answer());
        return;
      }
    }
    if (this.#polled.isOpen) this.#polled.unwatch();
  }

  next() {
    return new Promise((resolve, reject) => {
      if (!this.#polled.isOpen) {
        resolve({ value: undefined, done: true });
        return;
      }
      this.#requests.push({ resolve, reject });
      this.#inARow += 1;
      if (this.#inARow < BUSY_RESULTS) {
        this.#answer();
        return;
      }
      this.#inARow = 0;
      setImmediate(() => this.#answer());
    });
  }

  close() {
    if (!this.#polled.isOpen) return;
    this.finishing();
    this.#polled.release();
    for (const request of this.#requests.splice(0)) request.resolve({ value: undefined, done: true });
  }

  async return(value) {
    this.close();
    return { value, done: true };
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}

// Questions that are asked together: a resolver or a pinger. It is closed when none is left.
class Batch {
  #polled;
  #result;
  #read;
  #questions = new Map();
  #token = 0n;
  #finished;

  constructor(polled, structName, read, finished) {
    this.#polled = polled;
    this.#result = bytes(layout.sizeOf(structName));
    this.#read = read;
    this.#finished = finished;
  }

  // add(pointer, token) asks; the promise is settled by read(result), or rejected with its code.
  ask(add, addName, subject) {
    return new Promise((resolve, reject) => {
      this.#token += 1n;
      const token = this.#token;
      const code = add(this.#polled.pointer, token);
      if (code < 0) {
        reject(this.#polled.failure(code, addName, subject));
        this.#closeIfIdle();
        return;
      }
      this.#questions.set(token, { resolve, reject, subject });
      this.#polled.watchDescriptor(() => this.#answer());
    });
  }

  #answer() {
    const name = `arpq_${this.#polled.kind}_next`;
    while (this.#polled.isOpen && this.#questions.size > 0) {
      const code = call[name](this.#polled.pointer, this.#result, 0);
      if (code === 0) return;
      if (code < 0) {
        this.close(code);
        return;
      }
      const { token, settle } = this.#read(this.#result);
      const question = this.#questions.get(token);
      this.#questions.delete(token);
      settle(question);
    }
    this.#closeIfIdle();
  }

  #closeIfIdle() {
    if (this.#questions.size === 0) this.close(ECANCELED);
  }

  close(code = ECANCELED) {
    if (!this.#polled.isOpen) return;
    const error = (question) => this.#polled.failure(code, `arpq_${this.#polled.kind}_next`, question.subject);
    for (const question of this.#questions.values()) question.reject(error(question));
    this.#questions.clear();
    this.#polled.release();
    this.#finished();
  }
}

module.exports = { Polled, Source, Batch, dropped };
