// The codes of vouchers. Whoever has a voucher's code can be served, so it is made here, kept on this device, and never
// sent to the server: in an address it stands behind the #.
//
// A code is 16 characters of Crockford's base32, 80 random bits. On chain it is the hash of these characters, and the
// voucher's seal is the hash of that. Hashes are Keccak-256, written as 0x and 64 hexadecimal digits.

import { keccak_256 } from "../lib/noble/sha3.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 16;
const KEPT = "citynet.code.";

/** A new code. */
export function make() {
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
  // 256 is a multiple of 32: every character is as likely as any other.
  return Array.from(bytes, (byte) => ALPHABET[byte & 31]).join("");
}

/** The code that somebody typed, null where it is none: small letters, gaps and lookalikes (O, I, L) are understood. */
export function normalise(typed) {
  const code = typed
    .toUpperCase()
    .replace(/[\s\p{Dash_Punctuation}]/gu, "")
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1");
  return code.length === LENGTH && [...code].every((letter) => ALPHABET.includes(letter)) ? code : null;
}

/** A code as people read it: ABCD-EFGH-JKMN-PQRS. */
export const grouped = (code) => code.match(/.{4}/g).join("-");

/** What the contract takes as the code. */
export const hashOf = (code) => hex(hashed(code));

/** What seals the voucher, `keccak256(abi.encode(code))`. */
export const sealOf = (code) => hex(keccak_256(hashed(code)));

/** Keeps a code on this device and gives its seal. Throws where the browser keeps nothing. */
export function keep(code) {
  const seal = sealOf(code);
  localStorage.setItem(KEPT + seal, code);
  if (recall(seal) !== code) throw new Error("the browser did not keep the code");
  return seal;
}

/** The code kept for a seal, null where this device has none. */
export function recall(seal) {
  try {
    return localStorage.getItem(KEPT + seal.toLowerCase());
  } catch {
    return null; // the browser lets this site keep nothing
  }
}

/** Forgets a code that seals nothing. */
export function forget(seal) {
  localStorage.removeItem(KEPT + seal.toLowerCase());
}

const hashed = (code) => keccak_256(new TextEncoder().encode(code));

const hex = (bytes) => "0x" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
