// Days as people pick them, sent as seconds since 1970: `<input type="date" data-day="end">` is the day's last second by UTC,
// `data-day="start"` its first.

const DAY = 86400;

document.addEventListener("action:fields", ({ target, detail: { fields } }) => {
  for (const input of target.querySelectorAll("input[data-day]")) {
    const seconds = Date.parse(`${input.value}T00:00:00Z`) / 1000;
    if (Number.isNaN(seconds)) continue;
    fields[input.name] = input.dataset.day === "end" ? seconds + DAY - 1 : seconds;
  }
});
