// Fragments of pages by htmx, for pages that load this. Attributes that hold code (`hx-on`, `js:`) are not used: our policy
// runs none. A request brings the token of its session.

import htmx from "../lib/htmx/htmx.js";

document.addEventListener("htmx:config:request", ({ detail }) => {
  const { csrf } = document.body.dataset;
  if (csrf) detail.ctx.request.headers["X-CSRF-Token"] = csrf;
});

// Parts that were renewed come without htmx's knowledge of them.
document.addEventListener("live:renewed", ({ target }) => htmx.process(target));
