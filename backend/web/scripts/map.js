// The map of cities: a card for the city under the pointer or the focus; one stop for the Tab key, arrows lead from
// city to city.

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function attach(map) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // the link's own name says the same
  map.append(tip);
  settle(map);

  const show = (event) => {
    const city = event.target.closest("a");
    if (city) place(map, tip, city);
  };
  const hide = () => {
    const focused = map.querySelector("a:focus");
    if (focused) place(map, tip, focused);
    else tip.hidden = true;
  };
  map.addEventListener("pointerover", show);
  map.addEventListener("focusin", show);
  map.addEventListener("pointerout", hide);
  map.addEventListener("focusout", () => (tip.hidden = true));
  map.addEventListener("keydown", (event) => {
    const here = event.target.closest("a");
    if (event.key === "Escape") tip.hidden = true;
    if (!here || !DIRECTIONS[event.key]) return;
    event.preventDefault();
    const next = nearest(map, here, DIRECTIONS[event.key]);
    if (!next) return;
    here.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
  // Renewed figures bring new links.
  new MutationObserver(() => settle(map)).observe(map.querySelector("[data-live]") ?? map, { childList: true });
}

function settle(map) {
  const cities = [...map.querySelectorAll("a")];
  cities.forEach((city, index) => city.setAttribute("tabindex", index ? "-1" : "0"));
}

function centre(city) {
  const dot = city.querySelector(".dot");
  return [dot.cx.baseVal.value, dot.cy.baseVal.value];
}

function place(map, tip, city) {
  const [name, ...figures] = city.getAttribute("aria-label").split("; ");
  const title = document.createElement("b");
  title.textContent = name;
  tip.replaceChildren(
    title,
    ...figures.map((figure) => {
      const line = document.createElement("span");
      line.textContent = figure;
      return line;
    }),
  );
  tip.hidden = false;
  const frame = map.getBoundingClientRect();
  const dot = city.querySelector(".dot").getBoundingClientRect();
  const half = tip.offsetWidth / 2 + 8;
  const left = dot.left + dot.width / 2 - frame.left;
  tip.style.left = `${Math.min(Math.max(left, half), frame.width - half)}px`;
  tip.style.top = `${dot.top - frame.top}px`;
}

function nearest(map, here, [dx, dy]) {
  const [x, y] = centre(here);
  let best = null;
  let least = Infinity;
  for (const city of map.querySelectorAll("a")) {
    const [cx, cy] = centre(city);
    const along = (cx - x) * dx + (cy - y) * dy;
    const aside = Math.abs((cx - x) * dy + (cy - y) * dx);
    if (city === here || along <= 0 || aside > 2 * along) continue;
    if (along + 2 * aside < least) [best, least] = [city, along + 2 * aside];
  }
  return best;
}
