// The page on which one chooses whom to be in the demo: a click connects the demo wallet as them and signs in.

import { RDNS, become } from "./demo.js";
import { session, signIn } from "./session.js";
import * as wallet from "./wallet.js";
import { say } from "./words.js";

const output = document.getElementById("being");
let busy = false;

document.querySelectorAll("[data-be]").forEach((button) => button.addEventListener("click", () => be(button)));

async function be(button) {
  if (busy) return;
  busy = true;
  button.setAttribute("aria-busy", "true");
  output.dataset.step = "signing";
  output.textContent = say("being", { name: button.dataset.name });
  try {
    become(button.dataset.be);
    await wallet.connect(wallet.wallets().find(({ rdns }) => rdns === RDNS));
    const { account } = await session();
    if (account !== button.dataset.be) await signIn();
    location.assign(button.dataset.to);
  } catch (error) {
    output.dataset.step = "failed";
    output.textContent = error.message;
    busy = false;
  } finally {
    button.removeAttribute("aria-busy");
  }
}
