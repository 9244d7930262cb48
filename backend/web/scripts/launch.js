// A fund that was launched is seen on its own page; the form has no second use.

import { get } from "./session.js";
import { language } from "./words.js";

document.addEventListener("action:done", async ({ target, detail: { action } }) => {
  if (target.dataset.action !== "launch_fund" || !action) return;
  const [newest] = (await get(`/v1/funds?organisation=${action.account}&limit=1`)) ?? [];
  location.assign(`/${language}/funds${newest ? `/${newest.contract}` : ""}`);
});
