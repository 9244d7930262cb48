// What scripts say stands in the page, in its language: <template id="words"> holds <p data-word="refused">…</p>.

export const language = document.documentElement.lang;

const words = document.getElementById("words")?.content;

// The text of a word; `{name}` in it stands for `values.name`.
export function say(word, values = {}) {
  const text = words?.querySelector(`[data-word="${word}"]`)?.textContent ?? word;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function knows(word) {
  return Boolean(words?.querySelector(`[data-word="${word}"]`));
}

// An error whose message is for people. `word` names it.
export class Trouble extends Error {
  constructor(word, values) {
    super(say(word, values));
    this.word = word;
  }
}
