// Sums of tokens as people write them: `<input data-decimals="18">` is sent in base units. Both a comma and a dot part the
// fraction, gaps do not matter.

import { Trouble } from "./words.js";

document.addEventListener("action:fields", ({ target, detail }) => {
  for (const input of target.querySelectorAll("input[data-decimals]")) {
    if (!(input.name in detail.fields)) continue;
    const decimals = Number(input.dataset.decimals);
    const written = /^(\d+)(?:[.,](\d*))?$/.exec(input.value.replace(/[\s\u00a0\u202f]/g, ""));
    if (written && (written[2] ?? "").length <= decimals) {
      detail.fields[input.name] = BigInt(written[1] + (written[2] ?? "").padEnd(decimals, "0")).toString();
    } else {
      input.setAttribute("aria-invalid", "true");
      input.addEventListener("input", () => input.removeAttribute("aria-invalid"), { once: true });
      detail.wait(Promise.reject(new Trouble("amount-unclear", { decimals })));
    }
  }
});

// What was typed or ticked is done with once it counts.
document.addEventListener("action:done", ({ target, detail }) => {
  if (detail.action && target.querySelector("input[data-decimals], input[name=permit]")) target.reset();
});
