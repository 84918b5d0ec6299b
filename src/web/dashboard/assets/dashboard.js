// What a script adds to pages that work without one: the reader's own time zone, copying, sorting, a menu that folds.
"use strict";

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
const two = (number) => String(number).padStart(2, "0");

// Days begin where the reader is.
document.cookie = `satback_zone=${-new Date().getTimezoneOffset()}; Path=/; SameSite=Strict; Max-Age=31536000`;

each("time[datetime]", (time) => {
  const moment = new Date(time.dateTime);
  if (Number.isNaN(moment.getTime())) return;
  const shown = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  time.textContent = moment.toLocaleString(undefined, shown);
  time.title = moment.toISOString();
});

// A moment in a form is local for the reader and exact for the program.
const local = (moment) =>
  `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}` +
  `T${two(moment.getHours())}:${two(moment.getMinutes())}`;

each("input[data-moment]", (input) => {
  const form = input.form;
  const exact = form.elements.namedItem(input.dataset.moment);
  if (input.value) input.value = local(new Date(`${input.value}Z`));
  const zone = input.parentElement.querySelector(".zone");
  if (zone) zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  const note = () => {
    const moment = input.value ? new Date(input.value) : null;
    exact.value = moment && !Number.isNaN(moment.getTime()) ? String(moment.getTime()) : "";
  };
  note();
  input.addEventListener("input", note);
  input.addEventListener("change", note);
});

each("button[data-copy]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 1500);
  });
});

// The rows of a page, by the column that the reader presses.
each("table.list th[data-sort]", (head) => {
  const table = head.closest("table");
  const at = Array.from(head.parentElement.children).indexOf(head);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sort";
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") !== "ascending";
    const value = (row) => row.children[at].dataset.value ?? "";
    const order = (one, other) => {
      const [a, b] = [value(one), value(other)];
      const [x, y] = [Number(a), Number(b)];
      const plain = a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y);
      return (plain ? x - y : a.localeCompare(b)) * (down ? 1 : -1);
    };
    table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "ascending" : "descending");
    table.tBodies[0].append(...Array.from(table.tBodies[0].rows).sort(order));
  });
});

// On a phone the menu folds.
each(".side .menu", (button) => {
  const fold = document.getElementById("nav");
  button.hidden = false;
  button.closest(".side").classList.add("folded");
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    fold.classList.toggle("open", open);
  });
});

// What is wrong is read out and found first; a form is on its way only once.
const summary = document.querySelector(".summary");
if (summary) summary.focus();
each("form[method=post]", (form) => {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
});
addEventListener("pageshow", () => each("form[data-sent]", (form) => { delete form.dataset.sent; }));
