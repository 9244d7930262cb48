// What a person has signed or sent already, kept over a reload until the relay has it.

const KEY = "unfinished"; // in sessionStorage: a list of what actions.js keeps, each with an `id`

export function all() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

// Writes it down, anew where it is known; returns it.
export function keep(kept) {
  kept.id ??= crypto.randomUUID?.() ?? String(Math.random());
  write([...all().filter(({ id }) => id !== kept.id), kept]);
  return kept;
}

export function drop(kept) {
  write(all().filter(({ id }) => id !== kept.id));
}

// What was begun of this very action, so that nothing of it is done twice.
export function begun(account, name, fields) {
  const same = (kept) => JSON.stringify([kept.account, kept.name, kept.fields]);
  return all().find((kept) => same(kept) === same({ account, name, fields }));
}

function write(list) {
  if (list.length) sessionStorage.setItem(KEY, JSON.stringify(list));
  else sessionStorage.removeItem(KEY);
}
