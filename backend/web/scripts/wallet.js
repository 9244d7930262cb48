// Wallets of the browser: found (EIP-6963), chosen, asked (EIP-1193). Shows nothing itself. Tells on `document`:
// `wallet:found` for each that announces itself, `wallet:account` when the chosen one is at another account.

import { Trouble, say } from "./words.js";

const REMEMBERED = "wallet"; // the chosen wallet's rdns, in localStorage
const LATE = 300; // milliseconds after which a wallet that does not announce itself is taken as it is

// What a wallet's error means: EIP-1193, EIP-1474, EIP-3085 and 3326.
const WORDS = {
  4001: "refused",
  4100: "wallet-forbids",
  4200: "wallet-cannot",
  4900: "wallet-offline",
  4901: "wallet-offline",
  4902: "chain-unknown",
  [-32002]: "wallet-asked",
  [-32601]: "wallet-cannot",
};

const found = new Map();
const heard = new WeakSet();
let chosen = null;
let current = null;

export const wallets = () => [...found.values()];
export const account = () => current;
export const wallet = () => chosen;
export const remembered = () => localStorage.getItem(REMEMBERED);

addEventListener("eip6963:announceProvider", (event) => announce(event.detail));
dispatchEvent(new Event("eip6963:requestProvider"));
setTimeout(() => {
  if (found.size || !window.ethereum?.request) return;
  const info = { uuid: "injected", rdns: "injected", name: say("wallet-injected"), icon: "" };
  announce({ info, provider: window.ethereum });
}, LATE);

function announce({ info, provider } = {}) {
  if (!info?.uuid || !provider?.request || found.has(info.uuid)) return;
  found.set(info.uuid, {
    name: String(info.name).slice(0, 60),
    // From elsewhere a picture would tell who looks at this page.
    icon: /^data:image\//.test(info.icon) ? info.icon : "",
    rdns: String(info.rdns),
    provider,
  });
  document.dispatchEvent(new CustomEvent("wallet:found"));
  if (!chosen && info.rdns === remembered()) reconnect(found.get(info.uuid));
}

// Only what the wallet allowed before: nobody is asked without a click.
async function reconnect(known) {
  const accounts = await known.provider.request({ method: "eth_accounts" }).catch(() => []);
  if (!chosen && accounts.length) take(known, accounts);
}

// The account of a wallet that its owner lets this site see; asks for it where needed.
export async function connect(wanted = chosen) {
  if (!wanted) throw new Trouble("wallet-none");
  const accounts = await ask("eth_requestAccounts", [], wanted);
  if (!accounts.length) throw new Trouble("wallet-forbids", { wallet: wanted.name });
  localStorage.setItem(REMEMBERED, wanted.rdns);
  take(wanted, accounts);
  return current;
}

function take(wanted, accounts) {
  chosen = wanted;
  if (!heard.has(wanted.provider)) {
    heard.add(wanted.provider);
    wanted.provider.on?.("accountsChanged", (changed) => chosen === wanted && moved(changed));
    wanted.provider.on?.("disconnect", () => chosen === wanted && moved([]));
    // A change of chain needs no ear: which one it is is asked before each signature.
  }
  moved(accounts);
}

function moved(accounts) {
  const next = accounts[0] ?? null;
  if (next?.toLowerCase() === current?.toLowerCase()) return;
  current = next;
  document.dispatchEvent(new CustomEvent("wallet:account", { detail: { account: current } }));
}

// Forgets the wallet, as on signing out.
export function leave() {
  localStorage.removeItem(REMEMBERED);
  chosen = null;
  moved([]);
}

// The signature of a text (EIP-191), 0x hex.
export async function signText(text) {
  await onChain();
  const bytes = new TextEncoder().encode(text);
  const hex = "0x" + [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return ask("personal_sign", [hex, current]);
}

// The signature of typed data (EIP-712), 0x hex.
export async function signTyped(data) {
  await onChain();
  return ask("eth_signTypedData_v4", [current, JSON.stringify(data)]);
}

// The hash of a transaction that the wallet sent for `{to, data}`.
export async function send({ to, data }) {
  await onChain();
  return ask("eth_sendTransaction", [{ from: current, to, data, chainId: chain().hex }]);
}

function chain() {
  const { chainId: id, chainName: name, chainRpc: rpc } = document.body.dataset;
  return { id, name, rpc, hex: "0x" + Number(id).toString(16) };
}

// Brings the wallet to the page's chain, or says what lacks.
async function onChain() {
  const wanted = chain();
  const there = async () => Number(await ask("eth_chainId")) === Number(wanted.id);
  if (await there()) return;
  const change = () => ask("wallet_switchEthereumChain", [{ chainId: wanted.hex }]);
  try {
    await change().catch(async (error) => {
      if (error.word !== "chain-unknown" || !wanted.rpc) throw error;
      await add(wanted);
      if (!(await there())) await change();
    });
  } catch (error) {
    if (error.word === "refused") throw new Trouble("chain-refused", wanted);
    if (["chain-unknown", "wallet-cannot", "wallet-failed"].includes(error.word)) {
      throw new Trouble("chain-wanted", wanted);
    }
    throw error;
  }
  if (!(await there())) throw new Trouble("chain-wanted", wanted);
}

function add({ hex, name, rpc }) {
  const currency = { name: "Ether", symbol: "ETH", decimals: 18 };
  return ask("wallet_addEthereumChain", [
    { chainId: hex, chainName: name, rpcUrls: [rpc], nativeCurrency: currency },
  ]);
}

async function ask(method, params = [], of = chosen) {
  if (!of) throw new Trouble("wallet-none");
  try {
    return await of.provider.request({ method, params });
  } catch (error) {
    const code = error?.data?.originalError?.code ?? error?.code;
    throw new Trouble(WORDS[code] ?? "wallet-failed", { wallet: of.name, detail: error?.message ?? "" });
  }
}
