// Redeeming: makes the voucher's code, keeps it before anything is signed, and goes to the voucher once the relay has it.

import * as codes from "./codes.js";
import { Trouble, language } from "./words.js";

const seals = new WeakMap(); // of the forms that are under way
const left = new WeakSet(); // those whose page is being left: a second step must not break off the first one's going
const TAKEN = new Set(["queued", "sent", "included", "confirmed", "final"]);

document.addEventListener("action:fields", ({ target, detail }) => {
  if (target.dataset.action !== "redeem") return;
  detail.wait(
    (async () => {
      try {
        detail.fields.seal = codes.keep(codes.make());
      } catch {
        throw new Trouble("keeps-nothing");
      }
      seals.set(target, detail.fields.seal);
      left.delete(target);
    })(),
  );
});

document.addEventListener("action:step", ({ target, detail }) => {
  if (target.dataset.action !== "redeem" || !TAKEN.has(detail.step) || left.has(target)) return;
  left.add(target);
  location.assign(`/${language}/wallet/vouchers/${seals.get(target)}`);
});

document.addEventListener("action:done", ({ target, detail }) => {
  if (target.dataset.action !== "redeem" || !seals.has(target)) return;
  // Only of what was never signed is it sure that the code seals nothing.
  if (detail.error?.word === "refused") codes.forget(seals.get(target));
  seals.delete(target);
});
