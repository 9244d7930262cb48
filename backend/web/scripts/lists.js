// Lists (CSV): made ready in the browser, then checked by the server, whose answer is shown below the form (htmx).

import htmx from "../lib/htmx/htmx.js";
import "./fragments.js";
import { keyOf, nullifier } from "./nullifiers.js";
import { Problem, session } from "./session.js";
import { Trouble, say } from "./words.js";

const LARGEST = 8; // MB
const AT_ONCE = 500;
const NO_HASH = "?"; // stands for what is none: nothing else leaves the browser

htmx.config.noSwap = [204, 304, "4xx", "5xx"];

const ready = new WeakMap(); // form → its list as it is sent

export function attach(form) {
  const output = form.querySelector("output");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    try {
      tell(output, "list-reading");
      const file = form.querySelector("input[type=file]").files[0];
      if (file.size > LARGEST * 1024 * 1024) throw new Trouble("list-large", { most: LARGEST });
      const list = "documents" in form.dataset ? await withoutDocuments(form, file) : file;
      if (!(await session()).account) throw new Problem(401);
      ready.set(form, list);
      tell(output, "list-checking");
      htmx.trigger(form, "list:ready");
    } catch (error) {
      fail(form, error);
    }
  });
  form.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    ctx.request.body.set("list", ready.get(form), "list.csv");
    ready.delete(form);
  });
  form.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const { status, headers } = ctx.response;
    let document;
    try {
      document = JSON.parse(ctx.text);
    } catch {
      document = {}; // the status says enough
    }
    fail(form, new Problem(status, document, Number(headers.get("Retry-After")) || 0));
  });
  form.addEventListener("htmx:error", () => fail(form, new Problem(0)));
  form.addEventListener("htmx:after:swap", () => {
    form.removeAttribute("aria-busy");
    output.replaceChildren();
    delete output.dataset.step;
    document.querySelector(form.getAttribute("hx-target")).focus();
  });
}

function tell(output, word) {
  output.dataset.step = "preparing";
  output.textContent = say(word);
}

function fail(form, error) {
  const output = form.querySelector("output");
  form.removeAttribute("aria-busy");
  output.dataset.step = "failed";
  output.textContent = error.message;
}

// The list with wallets and nullifiers alone, each in its own line of the file.
async function withoutDocuments(form, file) {
  const { data, errors } = Papa.parse(await file.text(), { delimitersToGuess: [",", ";", "\t"] });
  const lines = linesOf(data);
  const broken = errors.find(({ type }) => type === "Quotes");
  if (broken) throw new Trouble("list-quotes", { line: lines[broken.row] ?? "?" });
  const first = data.findIndex((row) => row.some((field) => field.trim()));
  const names = (data[first] ?? []).map((name) => name.trim().toLowerCase());
  const [wallet, document, made] = ["wallet", "document", "nullifier"].map((name) => names.indexOf(name));
  if (names.length !== 2 || wallet < 0 || (document < 0) === (made < 0)) {
    throw new Trouble("list-columns", { columns: names.join(", ") || "—" });
  }
  const key = document < 0 ? null : await keyOf(form.querySelector("[data-key]").value);
  const result = [];
  result[lines[first] - 1] = "wallet,nullifier";
  for (let start = first + 1; start < data.length; start += AT_ONCE) {
    const part = data.slice(start, start + AT_ONCE);
    const hashes = await Promise.all(
      part.map((row) => (key ? nullifier(key, row[document] ?? "") : hex(row[made], 64))),
    );
    part.forEach((row, index) => {
      if (!row.some((field) => field.trim())) return;
      const fields = [hex(row[wallet], 40), hashes[index] ?? NO_HASH];
      result[lines[start + index] - 1] = fields.join(",");
    });
  }
  return new Blob([Array.from(result, (line) => line ?? "").join("\n")], { type: "text/csv" });
}

function hex(text = "", digits) {
  const plain = text.trim();
  return new RegExp(`^0[xX][0-9a-fA-F]{${digits}}$`).test(plain) ? plain : NO_HASH;
}

// The line of the file in which each row begins.
function linesOf(rows) {
  let line = 1;
  return rows.map((row) => {
    const here = line;
    line += 1 + row.reduce((breaks, field) => breaks + (field.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
    return here;
  });
}
