// When a block has been indexed, the page is fetched again and those parts that are marked `data-live` and differ are
// replaced. The page itself stays the only place where figures become text.

const LEAST_WAIT = 2000; // milliseconds between two renewals

let due = false;
let running = false;

export function follow(address) {
  // A page of an earlier block does not change.
  if (new URLSearchParams(location.search).has("at_block")) return;
  let stream = null;
  const open = () => {
    stream = new EventSource(withAccount(address));
    stream.addEventListener("open", () => {
      document.documentElement.classList.add("live");
      // A step of one's action may have come between the page and its stream, and no block may follow for long.
      if (document.body.dataset.account) renewSoon();
    });
    stream.addEventListener("error", () => document.documentElement.classList.remove("live"));
    stream.addEventListener("block", renewSoon);
    stream.addEventListener("reorganisation", renewSoon);
    stream.addEventListener("action", (event) => {
      document.dispatchEvent(new CustomEvent("ledger:action", { detail: JSON.parse(event.data) }));
      renewSoon();
    });
  };
  const close = () => {
    stream?.close();
    stream = null;
    document.documentElement.classList.remove("live");
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else if (!stream) {
      open();
      renewSoon();
    }
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => {
    if (event.persisted && !stream) open();
  });
  document.addEventListener("session:changed", () => {
    if (!stream) return;
    close();
    open();
  });
  if (!document.hidden) open();
}

// Who is signed in is told of the steps of their actions too.
function withAccount(address) {
  const url = new URL(address, location.href);
  const { account } = document.body.dataset;
  if (account) url.searchParams.set("account", account);
  return url;
}

// Renews the page's parts now, or as soon as the last renewal is long enough ago.
export async function renewSoon() {
  due = true;
  if (running) return;
  running = true;
  while (due) {
    due = false;
    await renew().catch(() => {}); // the next block tries again
    await new Promise((done) => setTimeout(done, LEAST_WAIT));
  }
  running = false;
}

async function renew() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  // A reorganisation can take back what the whole page is about.
  if (answer.status === 404) document.dispatchEvent(new CustomEvent("ledger:gone"));
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (!next || next.innerHTML === part.dataset.was || inUse(part)) continue;
    if (part.dataset.was === undefined && next.innerHTML === part.innerHTML) continue;
    part.dataset.was = next.innerHTML;
    replace(part, document.importNode(next, true));
    part.dispatchEvent(new CustomEvent("live:renewed", { bubbles: true }));
  }
}

// What the reader has the focus in, has filled in, or waits for, stays as it is.
function inUse(part) {
  return (
    part.contains(document.activeElement) ||
    part.querySelector("[aria-busy=true]") !== null ||
    [...part.querySelectorAll("input, textarea, select")].some(changed)
  );
}

function changed(field) {
  if (field.type === "hidden") return false; // only scripts change those
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  const first = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(first, 0);
}

function replace(part, next) {
  const before = [...part.querySelectorAll("dd, td")].map((cell) => cell.textContent);
  part.replaceChildren(...next.childNodes);
  part.querySelectorAll("dd, td").forEach((cell, index) => {
    if (before.length && before[index] !== cell.textContent) cell.classList.add("renewed");
  });
}
