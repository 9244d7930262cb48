// The demo wallet: a provider (EIP-1193, EIP-6963) whose keys the server holds, on pages of a demo alone. Anybody can make
// these keys; they guard nothing. Whom one is stands in localStorage, for all tabs.

export const RDNS = "demo.citynet";
const PERSONA = "demo-persona";
const LOGO =
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='#8f4a00'/>" +
  "<path d='M7 12h18v12H7zM7 12l13-5v5M20 18h5' fill='none' stroke='#fff' stroke-width='2.4'/></svg>";

const ears = {};
const tell = (type, value) => (ears[type] ?? []).forEach((ear) => ear(value));
const persona = () => localStorage.getItem(PERSONA);

const provider = {
  on(type, ear) {
    (ears[type] ??= []).push(ear);
    return provider;
  },
  removeListener(type, ear) {
    ears[type] = (ears[type] ?? []).filter((other) => other !== ear);
    return provider;
  },
  async request({ method, params = [] }) {
    if (method === "eth_requestAccounts" && !persona()) choose();
    const answer = await fetch("/v1/demo/wallet", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ account: persona(), method, params }),
    }).catch(() => null);
    if (!answer) throw fault(4900, "no connection");
    const { result, error, detail } = await answer.json().catch(() => ({}));
    if (!answer.ok) throw fault(answer.status === 403 ? 4100 : 4900, detail ?? "");
    if (error) throw fault(error.code, error.message);
    return result;
  },
};

const fault = (code, message) => Object.assign(new Error(message), { code });

// Whom to be is chosen on a page of its own.
function choose() {
  const place = `/${document.documentElement.lang}/demo`;
  if (location.pathname !== place) location.assign(place);
  throw fault(4001, "choose whom to be");
}

// From now on the wallet is this person's.
export function become(account) {
  if (account === persona()) return;
  localStorage.setItem(PERSONA, account);
  tell("accountsChanged", [account]);
}

addEventListener("storage", ({ key, newValue }) => {
  if (key === PERSONA) tell("accountsChanged", newValue ? [newValue] : []);
});

const info = {
  uuid: crypto.randomUUID?.() ?? RDNS, // only where the page is secure
  name: document.querySelector("[data-demo-wallet]").dataset.demoWallet,
  rdns: RDNS,
  icon: `data:image/svg+xml,${encodeURIComponent(LOGO)}`,
};
const announce = () =>
  dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
addEventListener("eip6963:requestProvider", announce);
announce();
