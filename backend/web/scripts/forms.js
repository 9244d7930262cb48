// `<form data-action="fulfil">`: its fields by their names are an action's, its `<output>` tells the steps.

import { perform, proceed } from "./actions.js";
import { short } from "./addresses.js";
import { renewSoon } from "./live.js";
import { notice, withdraw } from "./notice.js";
import * as store from "./unfinished.js";
import { language, say } from "./words.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-action]");
  if (!form) return;
  event.preventDefault();
  submit(form, event.submitter);
});

async function submit(form, submitter) {
  if (form.getAttribute("aria-busy") === "true") return;
  busy(form, true);
  const output = form.querySelector("output");
  const detail = {};
  try {
    const fields = await amended(form, fieldsOf(form, submitter));
    detail.action = await perform(form.dataset.action, fields, (step, action, part) => {
      write(output, step, action, part);
      tell(form, "action:step", { step, action, part });
    });
  } catch (error) {
    detail.error = error;
    fail(output, error);
    mark(form, error.errors ?? []);
  } finally {
    busy(form, false);
  }
  tell(form, "action:done", detail);
  if (detail.action) leave(form.closest("[data-live]"));
  renewSoon();
}

// A part shows what came of it once the focus is no longer there.
function leave(part) {
  if (part?.contains(document.activeElement)) document.getElementById("content").focus({ preventScroll: true });
}

// What the form's fields hold; a name that occurs several times gives a list.
function fieldsOf(form, submitter) {
  const data = new FormData(form, submitter);
  const entry = (name) => (data.getAll(name).length > 1 ? data.getAll(name) : data.get(name));
  return Object.fromEntries([...new Set(data.keys())].map((name) => [name, entry(name)]));
}

async function amended(form, fields) {
  const waits = [];
  tell(form, "action:fields", { fields, wait: (promise) => waits.push(promise) });
  await Promise.all(waits);
  return fields;
}

function tell(form, type, detail) {
  form.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
}

// Buttons that were `disabled` would lose the focus.
function busy(form, on) {
  form.setAttribute("aria-busy", String(on));
  for (const button of form.querySelectorAll("button")) {
    if (on) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

// A step in words, and a link to what came of it.
export function write(output, step, action, part) {
  if (!output) return;
  output.dataset.step = step;
  const held = action?.held ? say(`held-${action.held}`) : "";
  const place = part?.of > 1 ? say("part", part) : "";
  output.replaceChildren([place, say(`step-${step}`), held].filter(Boolean).join(" "));
  if (!action?.path || !["confirmed", "final"].includes(step)) return;
  const link = document.createElement("a");
  link.href = `/${language}/${action.path}`;
  link.textContent = say("see");
  output.append(" ", link);
}

function fail(output, error) {
  if (!output) return;
  output.dataset.step = error.word === "refused" ? "refused" : "failed";
  output.replaceChildren(error.message);
}

// The fields that the server refused, until they are changed.
function mark(form, errors) {
  const fields = errors.map(({ field }) => form.elements[field]).filter((field) => field?.type !== "hidden" && field?.focus);
  for (const field of fields) {
    field.setAttribute("aria-invalid", "true");
    field.addEventListener("input", () => field.removeAttribute("aria-invalid"), { once: true });
  }
  fields[0]?.focus();
}

// What a reload cut short: a signature is submitted by itself, the wallet asked for more only after a click.
export function resume() {
  for (const kept of store.all()) {
    const subject = `unfinished-${kept.id}`;
    const title = document.querySelector(`form[data-action="${kept.name}"]`)?.dataset.title ?? kept.name;
    const run = () => {
      const line = notice(subject, say("step-sending"));
      return proceed(kept, (step, action, part) => write(line, step, action, part)).finally(renewSoon);
    };
    const left = kept.kind === "sent" ? kept.calls.length - kept.sent.length : 0;
    if (!left) run().catch((error) => notice(subject, error.message));
    else {
      const drop = () => {
        store.drop(kept);
        withdraw(subject);
      };
      notice(subject, say("unfinished", { title, left, of: kept.calls.length, account: short(kept.account) }), [
        { text: say("go-on"), act: run },
        { text: say("leave-off"), act: drop },
      ]);
    }
  }
}
