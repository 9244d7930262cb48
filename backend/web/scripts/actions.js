// Acting: prepare, wallet, submit or report, follow (docs/architecture.md, "Acting"). Shows nothing itself: each step is
// given to `onStep(step, action, part)`, where `part` is `{number, of}` for one of several transactions.

import { enter } from "./account.js";
import { short } from "./addresses.js";
import { Problem, get, now, post } from "./session.js";
import * as store from "./unfinished.js";
import { Trouble, language } from "./words.js";
import * as wallet from "./wallet.js";

const POLL = 4000; // milliseconds between two looks at an action; the stream tells sooner
const LONGEST_WAIT = 15; // seconds between two attempts to submit
const ENDED = new Set(["confirmed", "final"]);

const running = new Map();

// Does the action `name` for who is signed in; signs in first where nobody is. Resolves with the action once it counts
// (`confirmed`); throws a `Trouble`, `Problem` or `Failure`, whose message is for people. The same action again while it
// runs is the same one.
export function perform(name, fields, onStep = () => {}) {
  const key = JSON.stringify([name, fields]);
  if (!running.has(key)) {
    running.set(key, act(name, fields, onStep).finally(() => running.delete(key)));
  }
  return running.get(key);
}

// The contract refused, or the signature's time ran out.
export class Failure extends Error {
  constructor(action) {
    super(action.reason?.text[language] ?? new Trouble(`step-${action.state}`).message);
    this.action = action;
  }
}

async function act(name, fields, onStep) {
  onStep("preparing");
  const account = await enter(() => onStep("entering"));
  const begun = store.begun(account, name, fields);
  if (begun) return proceed(begun, onStep);
  const prepare = (filled) => post(`/v1/actions/${name}/prepare`, { account, fields: filled });
  let filled = fields;
  let prepared = await prepare(filled);
  if (prepared.kind === "permit") {
    filled = { ...prepared.fields, permit: await permit(prepared.typed_data, onStep) };
    onStep("preparing");
    prepared = await prepare(filled);
  }
  if (prepared.kind === "sent") {
    return proceed(store.keep({ kind: "sent", account, name, fields, filled, calls: prepared.calls, sent: [] }), onStep);
  }
  if (prepared.kind === "plain") {
    return proceed(store.keep({ kind: "plain", account, name, fields, message: prepared.message }), onStep);
  }
  onStep("signing");
  const signature = await wallet.signTyped(prepared.typed_data);
  const { message } = prepared;
  return proceed(store.keep({ kind: "signed", account, name, fields, message, signature }), onStep);
}

// The permission that a token asks of its holder. A wallet that cannot sign it does without: an approval takes its place.
async function permit(data, onStep) {
  onStep("permitting");
  try {
    return await wallet.signTyped(data);
  } catch (error) {
    if (!["wallet-cannot", "wallet-failed"].includes(error.word)) throw error;
    return "0x";
  }
}

// Goes on with what is kept until it is in the relay's hands, then follows it.
export async function proceed(kept, onStep) {
  const action = kept.kind === "sent" ? await sendAll(kept, onStep) : await submit(kept, onStep);
  return follow(action, onStep, ENDED);
}

// What was signed (or needs no signature) is submitted until it is taken, refused, or past its deadline; the relay takes it
// once however often it comes.
async function submit(kept, onStep) {
  const { name, message, signature } = kept;
  onStep("sending");
  try {
    const request = () => signedIn(() => post(`/v1/actions/${name}`, { message, signature }));
    return await patiently(request, onStep, () => {
      if (now() / 1000 > Number(message.deadline)) throw new Trouble("step-expired");
    });
  } finally {
    store.drop(kept);
  }
}

// Transactions go one after the other: the wallet tries each on what those before it did.
async function sendAll(kept, onStep) {
  try {
    let action;
    for (const index of kept.calls.keys()) {
      if (!kept.sent[index]?.done) action = await sendOne(kept, index, onStep);
    }
    store.drop(kept);
    return action;
  } catch (error) {
    // The wallet can be asked again for what is left. What the site or the contract refused has to be prepared anew.
    const refused = error instanceof Failure || (error instanceof Problem && !signedOut(error));
    if (refused || !kept.sent.length) store.drop(kept);
    throw error;
  }
}

async function sendOne(kept, index, onStep) {
  const { name, filled, calls, sent } = kept;
  const part = { number: index + 1, of: calls.length };
  const tell = (step, action) => onStep(step, action, part);
  if (!sent[index]) {
    tell("signing");
    await owned(kept);
    sent[index] = { hash: await wallet.send(calls[index]) };
    store.keep(kept);
  }
  tell("sending");
  const report = { fields: filled, part: index, tx_hash: sent[index].hash };
  const action = await patiently(() => signedIn(() => post(`/v1/actions/${name}/sent`, report)), tell);
  if (part.number < part.of) {
    await follow(action, tell, new Set([...ENDED, "included"]));
    sent[index].done = true;
    store.keep(kept);
  }
  return action;
}

// What one account began another does not go on with.
async function owned({ account }) {
  const present = await enter();
  if (present === account) return;
  throw new Trouble("other-account", { wallet: short(present), account: short(account) });
}

// A session may end in the midst of a long action: then the person signs in again, and it goes on. Nobody is asked who
// has not touched the page.
async function signedIn(request) {
  try {
    return await request();
  } catch (error) {
    if (!signedOut(error) || !navigator.userActivation.hasBeenActive) throw error;
    await enter();
    return request();
  }
}

const signedOut = (error) => [401, 403].includes(error.status);

async function patiently(request, onStep, check = () => {}) {
  for (let wait = 1; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof Problem && error.passes)) throw error;
      check();
      onStep("waiting");
      await heard(window, "online", 1000 * Math.max(wait, Math.min(error.retryAfter, LONGEST_WAIT)));
    }
  }
}

// Tells each state of an action until it is one of `until`. Throws `Failure` where it failed.
export async function follow(action, onStep = () => {}, until = ENDED) {
  let told = "";
  for (;;) {
    const news = [action.state, action.held, action.undone].join();
    if (news !== told) onStep(action.state, action);
    told = news;
    if (["failed", "expired"].includes(action.state)) throw new Failure(action);
    if (until.has(action.state)) return action;
    await heard(document, "ledger:action", POLL);
    action = await get(`/v1/actions/${action.id}`).catch((error) => {
      if (error.passes) return action;
      throw error;
    });
  }
}

// Until the event, so many milliseconds at most.
function heard(target, type, most) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      target.removeEventListener(type, end);
      done();
    };
    const timer = setTimeout(end, most);
    target.addEventListener(type, end);
  });
}
