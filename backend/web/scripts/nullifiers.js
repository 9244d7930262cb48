// Documents become nullifiers here and nowhere else: HMAC-SHA256 of the document's number under the city's secret key
// (docs/decisions/0077). Neither is stored, nor part of any request.

import { Trouble } from "./words.js";

export const SHORTEST_KEY = 16;
const SHORTEST_DOCUMENT = 4;
// Capitals of Cyrillic and Latin that look alike: series of documents are typed in either.
const CYRILLIC = "АВЕКМНОРСТУХ";
const LATIN = "ABEKMHOPCTYX";

const encoder = new TextEncoder();

// The key of a city, as what only signs and cannot be read out again.
export async function keyOf(secret) {
  if (!globalThis.crypto?.subtle) throw new Trouble("list-no-crypto");
  if (!secret) throw new Trouble("list-no-key");
  if (secret.length < SHORTEST_KEY) throw new Trouble("list-short-key");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
}

// The nullifier of a document, 0x hex; null where there is no number in it. However it is written, one document has one.
export async function nullifier(key, document) {
  const plain = plainly(document);
  return plain.length < SHORTEST_DOCUMENT ? null : sign(key, `document:${plain}`);
}

// Letters and digits alone, in capitals. A sign like № goes before NFKC could make letters of it.
function plainly(document) {
  const letters = document.normalize("NFC").replace(/[^\p{L}\p{N}]/gu, "").normalize("NFKC").toUpperCase();
  return letters.replace(new RegExp(`[${CYRILLIC}]`, "g"), (letter) => LATIN[CYRILLIC.indexOf(letter)]);
}

// A few digits by which a key is known again, and which tell nothing of it.
export async function markOf(key) {
  return (await sign(key, "mark")).slice(2, 10);
}

async function sign(key, text) {
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
  return "0x" + [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
