// Addresses as people and EIP-4361 want them.

// With the checksum of EIP-55 in its letters, which not every wallet gives. The hash is loaded for those who need it.
export async function checksummed(address) {
  const { keccak_256 } = await import("../lib/noble/sha3.js");
  const digits = address.slice(2).toLowerCase();
  const hash = keccak_256(new TextEncoder().encode(digits));
  const marked = (place) => ((hash[place >> 1] >> (place % 2 ? 0 : 4)) & 15) >= 8;
  return "0x" + [...digits].map((digit, place) => (marked(place) ? digit.toUpperCase() : digit)).join("");
}

// In few letters.
export const short = (address) => `${address.slice(0, 6)}…${address.slice(-4)}`;

export const same = (one, two) => one?.toLowerCase() === two?.toLowerCase();
