// The account in the header: its button, dialog and menu, and the notice when the wallet is at another account.

import { checksummed, same, short } from "./addresses.js";
import { withdraw, notice } from "./notice.js";
import { session, signIn, signOut } from "./session.js";
import { Trouble, say } from "./words.js";
import * as wallet from "./wallet.js";

const OTHER = "other-account";

const area = document.getElementById("account");
const dialog = document.getElementById("sign-in");
const places = dialog.querySelector(".wallets");
const output = dialog.querySelector("output");
let entered = null; // settles the promise of an open dialog

// The account that acts: signed in, and the wallet's. Signs in where nobody is; `asking` is called before somebody is
// asked. Throws where the wallet is at another account, or the person leaves off.
export async function enter(asking = () => {}) {
  let { account } = await session();
  if (!account || !wallet.account()) {
    asking();
    account = await reach(account);
  }
  if (same(account, wallet.account())) return account;
  compare(account);
  throw await other(account);
}

// Whatever lacks: a wallet, its account, a session. The dialog opens only where no wallet was chosen before.
async function reach(account) {
  const known = wallet.wallet() ?? wallet.wallets().find(({ rdns }) => rdns === wallet.remembered());
  if (!known) return (await ask()).account;
  if (!wallet.account()) await wallet.connect(known);
  return account ?? (await signIn()).account;
}

async function other(account) {
  const there = short(await checksummed(wallet.account()));
  return new Trouble("other-account", { wallet: there, account: short(account) });
}

// Opens the dialog; resolves when somebody is signed in.
export function ask() {
  places.replaceChildren();
  list();
  if (!dialog.hasAttribute("aria-busy")) write("");
  dialog.showModal();
  return new Promise((resolve, reject) => (entered = { resolve, reject }));
}

// Adds the wallets that are not in the dialog yet: one may announce itself late, and the others keep the focus.
function list() {
  const found = wallet.wallets();
  places.append(...found.slice(places.children.length).map(entry));
  places.hidden = !found.length;
  dialog.querySelector("[data-none]").hidden = Boolean(found.length);
}

function entry(each) {
  const button = document.createElement("button");
  button.type = "button";
  if (each.icon) {
    const icon = document.createElement("img");
    icon.alt = "";
    icon.src = each.icon;
    button.append(icon);
  }
  const name = document.createElement("span");
  name.textContent = each.name;
  button.append(name);
  if (each.rdns === wallet.remembered()) {
    const mark = document.createElement("small");
    mark.textContent = say("wallet-last");
    button.append(mark);
  }
  button.addEventListener("click", () => choose(each));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

async function choose(each) {
  if (dialog.hasAttribute("aria-busy")) return;
  dialog.setAttribute("aria-busy", "true");
  write(say("answer", { wallet: each.name }), "signing");
  try {
    await wallet.connect(each);
    const now = await signIn();
    entered?.resolve(now);
    entered = null;
    dialog.close();
  } catch (error) {
    write(error.message, error.word === "refused" ? "refused" : "failed");
  } finally {
    dialog.removeAttribute("aria-busy");
  }
}

function write(text, step) {
  output.textContent = text;
  if (step) output.dataset.step = step;
  else delete output.dataset.step;
}

// `[data-sign-in]` anywhere. Once signed in so, the page is another one; in the midst of an action it must stay.
async function enterByButton() {
  try {
    await ask();
    location.reload();
  } catch {
    // The dialog was closed, and the browser gives the focus back to the button.
  }
}

function show({ account }) {
  document.body.dataset.account = account ?? "";
  area.querySelector("[data-sign-in]").hidden = Boolean(account);
  const menu = area.querySelector("details");
  menu.hidden = !account;
  if (account) menu.querySelector("summary .hash").textContent = short(account);
  compare(account);
}

async function compare(account) {
  const there = wallet.account();
  if (!account || !there || same(account, there)) return withdraw(OTHER);
  const { message } = await other(account);
  if (there !== wallet.account()) return; // changed again meanwhile
  const again = { text: say("sign-in-other", { wallet: short(await checksummed(there)) }), act: reenter };
  notice(OTHER, message, [again]);
}

async function reenter() {
  await signIn();
  location.reload();
}

async function leave() {
  try {
    await signOut();
    location.reload();
  } catch (error) {
    notice("sign-out", error.message);
  }
}

function attachMenu(menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

document.addEventListener("click", (event) => event.target.closest?.("[data-sign-in]") && enterByButton());
area.querySelector("[data-leave]").addEventListener("click", leave);
attachMenu(area.querySelector("details"));
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => {
  entered?.reject(new Trouble("refused-entry"));
  entered = null;
});
document.addEventListener("wallet:found", () => dialog.open && list());
document.addEventListener("wallet:account", () => compare(document.body.dataset.account));
document.addEventListener("session:changed", (event) => show(event.detail));
