// Who is signed in, signing in with Ethereum (EIP-4361), and requests to the API. Tells `session:changed` on `document`.

import { checksummed } from "./addresses.js";
import { knows, language, say } from "./words.js";
import * as wallet from "./wallet.js";

// EIP-4361 admits ASCII alone here; the dialog says the same in the page's language.
const STATEMENT = "Sign in to CityNet. This moves nothing and costs nothing.";
const PATIENCE = 30_000; // milliseconds that an answer may take

let known = null;
let skew = 0; // milliseconds that the server's clock is ahead of this one's

// The time as the server has it, in milliseconds since 1970.
export const now = () => Date.now() + skew;

// What the API refused, from its problem document. `status` is 0 where no answer came.
export class Problem extends Error {
  constructor(status, document = {}, retryAfter = 0) {
    super(textOf(status, document, retryAfter));
    this.status = status;
    this.reason = document.reason ?? null;
    this.errors = document.errors ?? [];
    this.retryAfter = retryAfter;
  }

  // Whether the same request may succeed a little later.
  get passes() {
    return this.status === 0 || this.status >= 500;
  }
}

function textOf(status, { reason, detail, errors = [] }, retryAfter) {
  if (reason?.text) return reason.text[language];
  const fields = errors.map(({ field, message }) => `${field}: ${message}`).join("; ");
  const word = `problem-${status}`;
  if (knows(word)) return say(word, { fields, wait: span(retryAfter) });
  return language === "en" && detail ? detail : say("problem", { status });
}

function span(seconds) {
  const [count, unit] =
    seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  const style = { style: "unit", unit, unitDisplay: "long" };
  return new Intl.NumberFormat(language, style).format(Math.max(1, Math.ceil(count)));
}

export const get = (path) => request("GET", path);
export const post = (path, body) => request("POST", path, body);

async function request(method, path, body) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && known?.csrf) headers["X-CSRF-Token"] = known.csrf;
  let answer;
  let content = {};
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    answer = await fetch(path, { method, headers, body: JSON.stringify(body), signal });
    if (answer.status !== 204) content = await answer.json();
  } catch {
    if (!answer || answer.ok) throw new Problem(0);
  }
  const sent = Date.parse(answer.headers.get("Date"));
  if (sent) skew = sent - Date.now();
  if (!answer.ok) throw new Problem(answer.status, content, Number(answer.headers.get("Retry-After")) || 0);
  return "at_block" in content ? content.data : content;
}

// `{account, csrf, expires}`, all null where nobody is signed in. Asked anew each time: another tab may have signed out.
export async function session() {
  return settle(await get("/v1/auth/session"));
}

// Signs in with the chosen wallet, which may be asked three times: for its account, its chain, and the signature.
export async function signIn() {
  const account = await checksummed(wallet.account() ?? (await wallet.connect()));
  const { nonce } = await post("/v1/auth/nonce");
  const message = text(account, nonce);
  const signature = await wallet.signText(message);
  return settle(await post("/v1/auth/session", { message, signature }));
}

export async function signOut() {
  await session();
  if (known.account) await request("DELETE", "/v1/auth/session");
  wallet.leave();
  settle({ account: null, csrf: null, expires: null });
}

function settle(next) {
  const before = known?.account ?? (document.body.dataset.account || null);
  known = next;
  document.body.dataset.csrf = next.csrf ?? "";
  if (next.account?.toLowerCase() !== before?.toLowerCase()) {
    document.dispatchEvent(new CustomEvent("session:changed", { detail: next }));
  }
  return next;
}

function text(account, nonce) {
  return [
    `${location.host} wants you to sign in with your Ethereum account:`,
    account,
    "",
    STATEMENT,
    "",
    `URI: ${location.origin}`,
    "Version: 1",
    `Chain ID: ${document.body.dataset.chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${new Date(now()).toISOString()}`,
  ].join("\n");
}
