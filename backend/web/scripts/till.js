// The counter of a business. What was typed or scanned is checked against the voucher's seal here, so that the wallet is
// asked only for what the contract will accept.

import { hashOf, normalise, sealOf } from "./codes.js";
import { renewSoon } from "./live.js";
import { get } from "./session.js";
import { Trouble, language, say } from "./words.js";

// The address of a voucher, in any language and on any host, with its code or without.
const VOUCHER = /\/vouchers\/(\d{1,17})\/?(?:\?[^#]*)?(?:#(.*))?$/;

const form = document.getElementById("till");
const { voucher_id: number, code } = form.elements;
const output = form.querySelector("output");
const button = form.querySelector("[type=submit]");
const scan = form.querySelector("[data-scan]");
let scanner = null;
let served = null; // number of the voucher that is being fulfilled

form.addEventListener("input", () => {
  spread(code.value) || spread(number.value);
  write("");
  if (number.value && normalise(code.value)) look();
});

form.addEventListener("action:fields", ({ detail }) => {
  const fill = async () => {
    const { voucher, plain } = await check();
    served = String(voucher.voucher_id);
    Object.assign(detail.fields, { voucher_id: served, code: hashOf(plain) });
  };
  detail.wait(fill());
});

form.addEventListener("action:step", ({ detail }) => {
  // From here on the voucher stands at the counter: its part of the page shows what becomes of it, after a reload too.
  if (detail.action && scan) bring(served);
});

form.addEventListener("action:done", ({ detail }) => {
  if (detail.action) next();
  else (detail.error?.field ?? button).focus();
});

scan?.addEventListener("click", async () => {
  write("");
  const { Scanner } = await import("./scanner.js");
  scanner ??= new Scanner(form.querySelector("[data-scanner]"), { read, problem, left: () => scan.focus() });
  scanner.start();
});

function problem(word) {
  write(say(word), "failed");
}

// What the camera saw; whether it was a voucher.
function read(text) {
  if (!spread(text)) {
    problem("scan-foreign");
    return false;
  }
  if (code.value) look().then((good) => good && button.focus());
  else {
    problem("scan-no-code");
    code.focus();
  }
  return true;
}

// Puts the parts of a voucher's address into the fields; whether it was one.
function spread(text) {
  const found = VOUCHER.exec(text.trim());
  if (!found) return false;
  number.value = found[1];
  code.value = plain(found[2] ?? "");
  return true;
}

function plain(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Says what the fields hold; whether it can be fulfilled.
async function look() {
  const asked = number.value + code.value;
  // What was typed meanwhile is looked at by itself.
  const tell = (text, step) => asked === number.value + code.value && write(text, step);
  try {
    const { title } = await check();
    tell(say("till-right", { title }), "good");
    return true;
  } catch (error) {
    tell(error.message, "failed");
    return false;
  }
}

// The voucher, its title, and its code in the one spelling. Throws a `Trouble` with the `field` at fault.
async function check() {
  const id = number.value.replace(/[\s\p{Dash_Punctuation}]/gu, "");
  if (!/^[1-9]\d{0,16}$/.test(id)) throw refusal(number, "till-number");
  const plain = normalise(code.value);
  if (!plain) throw refusal(code, "till-code");
  const voucher = await get(`/v1/vouchers/${id}`).catch((problem) => {
    throw [404, 422].includes(problem.status) ? refusal(number, "till-unknown", { number: id }) : problem;
  });
  const offer = await get(`/v1/offers/${voucher.offer_id}`);
  if (offer.partner !== form.dataset.account) throw refusal(number, "till-foreign", { number: id });
  const over = { fulfilled: "till-fulfilled", refunded: "till-refunded" }[voucher.status];
  if (over) throw refusal(number, over, { time: written(voucher.settled_at) });
  if (voucher.refundable) throw refusal(number, "till-expired", { time: written(voucher.expires) });
  if (sealOf(plain) !== voucher.seal) throw refusal(code, "till-wrong", { number: id });
  return { voucher, plain, title: voucher.offer_title?.[language] ?? `№ ${voucher.offer_id}` };
}

function refusal(field, word, values) {
  return Object.assign(new Trouble(word, values), { field });
}

// The next customer; on a voucher's own page there is none.
function next() {
  if (!scan) {
    form.hidden = true;
    return;
  }
  number.value = code.value = "";
  write("");
  scan.focus();
}

function bring(id) {
  const address = new URL(location.href);
  if (address.searchParams.get("voucher") === id) return;
  address.searchParams.set("voucher", id);
  address.hash = "";
  history.replaceState(null, "", address);
  renewSoon();
}

function write(text, step = "") {
  output.textContent = text;
  output.dataset.step = step;
}

function written(seconds) {
  const style = { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" };
  return `${new Intl.DateTimeFormat(language, style).format(seconds * 1000)} UTC`;
}

// A phone's own camera opens the voucher's page with the code in its address.
if (!scan) {
  spread(location.href);
  if (code.value) look();
}
