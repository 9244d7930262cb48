// What the page as a whole has to say, below its header: one line for each subject.

const area = document.getElementById("notices");

// Shows a text with buttons `{text, act}`; another one of the same subject takes its place. Returns where the text is.
export function notice(subject, text, buttons = []) {
  const line = document.createElement("p");
  line.dataset.subject = subject;
  const words = document.createElement("span");
  words.textContent = text;
  line.append(words, ...buttons.map((each) => button(subject, each)));
  const present = of(subject);
  if (present) present.replaceWith(line);
  else area.append(line);
  return words;
}

export function withdraw(subject) {
  of(subject)?.remove();
}

const of = (subject) => area.querySelector(`[data-subject="${subject}"]`);

function button(subject, { text, act }) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button small";
  made.textContent = text;
  made.addEventListener("click", async () => {
    if (made.getAttribute("aria-disabled")) return;
    made.setAttribute("aria-disabled", "true");
    try {
      await act();
    } catch (error) {
      notice(subject, error.message, [{ text, act }]);
    }
  });
  return made;
}
