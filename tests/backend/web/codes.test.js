// The codes of vouchers. Started by test_scripts.py with the vectors that Python reckons.

import assert from "node:assert/strict";
import test from "node:test";

const kept = new Map();
globalThis.localStorage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => kept.set(name, String(value)),
  removeItem: (name) => kept.delete(name),
};
const codes = await import(process.env.CODES);
const vectors = JSON.parse(process.env.VECTORS);

test("hash and seal of a code are those of the contract", () => {
  assert.ok(vectors.length > 3);
  for (const { code, hash, seal } of vectors) {
    assert.equal(codes.hashOf(code), hash);
    assert.equal(codes.sealOf(code), seal);
  }
});

test("codes are 16 characters of Crockford's base32, never twice the same", () => {
  const made = Array.from({ length: 2000 }, codes.make);
  for (const code of made) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{16}$/);
  assert.equal(new Set(made).size, made.length);
  for (let place = 0; place < 16; place++) {
    assert.equal(new Set(made.map((code) => code[place])).size, 32, `place ${place} has every character`);
  }
});

test("what people type is understood", () => {
  const meant = "0123456789ABCDEF";
  for (const typed of [
    meant,
    "0123456789abcdef",
    "0123-4567-89AB-CDEF",
    " 0123 4567\t89ab\u00a0cdef\n",
    "0123–4567—89ab‑cdef",
    "oI23-4567-89ab-cdef",
    "Ol23456789ABCDEF",
    "OL23456789ABCDEF",
    "oi23456789ABCDEF",
  ]) {
    assert.equal(codes.normalise(typed), meant, typed);
  }
});

test("what is no code is not taken for one", () => {
  for (const typed of [
    "",
    "0123456789ABCDE",
    "0123456789ABCDEFG",
    "U123456789ABCDEF",
    "0123456789ABCDE!",
    "0123456789ABCDЕF", // a Cyrillic letter
    "http://host/vouchers/7#0123456789ABCDEF",
  ]) {
    assert.equal(codes.normalise(typed), null, typed);
  }
});

test("a code is written in groups, and read back", () => {
  const code = codes.make();
  assert.match(codes.grouped(code), /^(.{4}-){3}.{4}$/);
  assert.equal(codes.normalise(codes.grouped(code)), code);
});

test("a kept code is found by its seal alone, until it is forgotten", () => {
  const code = codes.make();
  const seal = codes.keep(code);
  assert.equal(seal, codes.sealOf(code));
  assert.equal(codes.recall(seal), code);
  assert.equal(codes.recall(codes.sealOf(codes.make())), null);
  codes.forget(seal);
  assert.equal(codes.recall(seal), null);
});

test("a browser that keeps nothing is found out before anything is signed", () => {
  const set = localStorage.setItem;
  localStorage.setItem = () => {};
  assert.throws(() => codes.keep(codes.make()), /did not keep/);
  localStorage.setItem = set;
});
