// A voucher with the code that this device has: its QR code and letters. The code never leaves the browser.

import encode from "../lib/qr/index.js";
import * as codes from "./codes.js";
import { language, say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

// What the stream renews comes without the code.
const content = document.getElementById("content");
new MutationObserver(fillAll).observe(content, { childList: true, subtree: true });
fillAll();

// The voucher is no longer on chain: who has its code sees what becomes of it, for others there is no such page now.
document.addEventListener("ledger:gone", () => {
  const seal = content.querySelector("[data-seal]")?.dataset.seal;
  if (seal && codes.recall(seal)) location.replace(`/${language}/wallet/vouchers/${seal}`);
  else location.reload();
});

function fillAll() {
  for (const ticket of content.querySelectorAll("[data-seal]:not([data-filled])")) fill(ticket);
  // Then the code without the secret, which everybody sees, would only be in the way.
  const shown = content.querySelector("[data-with]:not([hidden])") !== null;
  document.documentElement.classList.toggle("has-code", shown);
}

function fill(ticket) {
  ticket.dataset.filled = "";
  const { seal, address } = ticket.dataset;
  // Its citizen may bring the code from another device, in the address.
  const brought = codes.normalise(location.hash.slice(1));
  if ("mine" in ticket.dataset && brought && codes.sealOf(brought) === seal) keep(brought);
  const code = codes.recall(seal);
  for (const part of ticket.querySelectorAll("[data-with]")) part.hidden = !code;
  for (const part of ticket.querySelectorAll("[data-without]")) part.hidden = Boolean(code);
  if (!code || !address) return;
  ticket.querySelector("[data-qr]").replaceChildren(drawn(`${address}#${code}`));
  ticket.querySelector("[data-code]").textContent = codes.grouped(code);
  ticket.querySelector("[data-print]").addEventListener("click", () => print());
  ticket.querySelector("[data-copy]").addEventListener("click", () => copy(ticket, code));
}

function keep(code) {
  try {
    codes.keep(code);
    return true;
  } catch {
    return false;
  }
}

async function copy(ticket, code) {
  const output = ticket.querySelector(".ticket-aside output");
  try {
    await navigator.clipboard.writeText(codes.grouped(code));
    output.textContent = say("code-copied");
  } catch {
    output.textContent = say("code-not-copied");
  }
}

// A quarter of it may be unreadable.
function drawn(text) {
  const rows = encode(text, "raw", { ecc: "quartile", border: 3 });
  const dark = rows.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : "")));
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", dark.join(""));
  svg.append(path);
  return svg;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-enter-code]");
  if (!form) return;
  event.preventDefault();
  const ticket = form.closest("[data-seal]");
  const code = codes.normalise(form.elements.code.value);
  const output = form.querySelector("output");
  if (!code) output.textContent = say("code-malformed");
  else if (codes.sealOf(code) !== ticket.dataset.seal) output.textContent = say("code-wrong");
  else if (!keep(code)) output.textContent = say("keeps-nothing");
  else {
    fill(ticket);
    fillAll();
  }
});
