// Sends what of a list is not in the ledger yet, one transaction after the other. Where it stops it can go on: each part
// is asked for anew, and the server gives none that is in the ledger.

import { perform } from "./actions.js";
import { write } from "./forms.js";
import { renewSoon } from "./live.js";
import { Trouble, say } from "./words.js";

const TRIES = 30;
const PAUSE = 1500; // milliseconds between two of them, at least

for (const form of document.querySelectorAll("form[data-send]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

async function send(form) {
  if (form.getAttribute("aria-busy") === "true") return;
  const { send: name, city, draft, of } = form.dataset;
  const output = form.querySelector("output");
  const button = form.querySelector("button");
  form.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  try {
    await alone(`draft-${draft}`, async () => {
      for (const part of left(form)) {
        const fields = { city_id: Number(city), draft_id: Number(draft), part };
        const place = { number: part + 1, of: Number(of) };
        try {
          const tell = (step, action) => write(output, step, action, place);
          await patiently(() => perform(name, fields, tell), (error) => wait(output, error));
        } catch (error) {
          // It is in the ledger already: another tab, or a report that was lost.
          if (error.status !== 409 || error.reason) throw Object.assign(error, { place });
        }
        form.dataset.left = left(form).filter((other) => other !== part).join(" ");
        renewSoon();
      }
    });
    output.dataset.step = "confirmed";
    output.textContent = say("list-done");
    button.hidden = true;
  } catch (error) {
    output.dataset.step = error.word === "refused" ? "refused" : "failed";
    const stopped = error.place ? say("list-stopped", error.place) : "";
    output.textContent = [error.message, stopped].filter(Boolean).join(" ");
  } finally {
    form.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
    renewSoon();
  }
}

function wait(output, error) {
  output.dataset.step = "waiting";
  output.textContent = error.status === 409 ? say("list-behind") : error.message;
}

const left = (form) => form.dataset.left.split(" ").filter(Boolean).map(Number);

// The ledger may be a moment behind the chain, or too much was asked at once: then the answer says how long to wait.
async function patiently(act, waiting) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error.passes || error.retryAfter) || tries === TRIES) throw error;
      waiting(error);
      await new Promise((done) => setTimeout(done, Math.max(PAUSE, 1000 * error.retryAfter)));
    }
  }
}

// Two tabs would ask the wallet for the same.
function alone(name, act) {
  if (!navigator.locks) return act();
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => {
    if (!lock) throw new Trouble("list-other-tab");
    return act();
  });
}
