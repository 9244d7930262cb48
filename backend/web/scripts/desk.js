// A city's desk: documents become nullifiers before a form is sent, ticked roles one mask; lists are checked and sent.

// At once, not when needed: a list sent before its form is ready would be lost.
import { attach } from "./lists.js";
import { keyOf, markOf, nullifier } from "./nullifiers.js";
import "./senders.js";
import { Trouble, say } from "./words.js";

const LAST = `key-mark-${location.pathname.split("/")[3]}`; // of this city's key, in localStorage

for (const form of document.querySelectorAll("form[data-nullifier]")) {
  form.addEventListener("action:fields", ({ detail: { fields, wait } }) => {
    const make = async () => {
      const key = await keyOf(form.querySelector("[data-key]").value);
      const made = await nullifier(key, form.querySelector("[data-document]").value);
      if (!made) throw new Trouble("list-no-document");
      fields.nullifier = made;
    };
    wait(make());
  });
  form.addEventListener("action:done", ({ detail }) => {
    if (detail.action) form.querySelector("[data-document]").value = "";
  });
}

for (const field of document.querySelectorAll("[data-key]")) {
  const form = field.closest("form");
  const place = form.querySelector("[data-mark]");
  field.addEventListener("change", async () => {
    place.textContent = "";
    const key = await keyOf(field.value).catch((error) => (place.textContent = error.message) && null);
    if (!key) return;
    const mark = await markOf(key);
    const last = localStorage.getItem(LAST);
    place.textContent = say(last && last !== mark ? "key-other" : "key-mark", { mark, last });
    place.classList.toggle("doubt", Boolean(last && last !== mark));
  });
  // Remembered once it was used.
  form.addEventListener("submit", async () => {
    const key = await keyOf(field.value).catch(() => null);
    if (key) localStorage.setItem(LAST, await markOf(key));
  });
}

for (const form of document.querySelectorAll("form[data-roles]")) {
  form.addEventListener("action:fields", ({ detail: { fields } }) => {
    const ticked = [...form.querySelectorAll("[data-role]:checked")];
    fields.roles = ticked.reduce((mask, box) => mask + Number(box.dataset.role), 0);
  });
}

document.querySelectorAll("form[data-list]").forEach(attach);
