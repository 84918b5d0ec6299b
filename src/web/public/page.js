// Keeps a session's page up to date. Whatever it shows is made by the server: when the state changes, the page is fetched
// again and its main part replaced. Nothing here is needed to pay or to be paid.
(() => {
  "use strict";
  // A form that was refused is answered below the page's own address.
  const here = document.getElementById("page").dataset.here;
  const POLL_MS = 3000;
  const said = document.getElementById("said");
  let live = false; // whether something changed before our eyes
  let again = 0, leaving = 0, saying = 0, polling = 0, stream = null, fetching = false, missed = false;

  const page = () => document.getElementById("page");
  const popup = () => document.getElementById("cashback");
  const all = (what, act) => document.querySelectorAll(what).forEach(act);

  // ---- what is on the page ----

  function prepare() {
    all("time[data-when]", (time) => {
      const at = new Date(Number(time.dataset.when));
      time.dateTime = at.toISOString();
      time.textContent = at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    });
    const begun = performance.now();
    all("[data-count]", (count) => { count.ends = begun + Number(count.dataset.count) * 1000; });
    clearTimeout(again);
    const secs = page().dataset.again;
    // Longer than a day and a timer would overflow; nobody looks for that long.
    if (secs !== undefined && secs < 86400) again = setTimeout(refresh, Math.max(1, secs) * 1000);
    if (location.search === "?paste") document.querySelector("details.paste")?.setAttribute("open", "");
  }

  function tick() {
    all("[data-count]", (count) => {
      const left = Math.max(0, Math.ceil((count.ends - performance.now()) / 1000));
      const two = (number) => String(number).padStart(2, "0");
      const hours = Math.floor(left / 3600), minutes = Math.floor(left / 60) % 60;
      const text = (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(left % 60);
      if (count.textContent !== text) count.textContent = text;
      count.classList.toggle("soon", left < 60);
    });
  }

  function lift(isNew, focus, scrolled) {
    const dialog = popup();
    if (!dialog || !dialog.showModal) return;
    dialog.removeAttribute("open");
    dialog.classList.toggle("new", isNew);
    dialog.showModal();
    dialog.append(said); // outside of it nothing is heard now
    // Keyboards and screen readers begin at its title, or go on where they were.
    const at = (focus && document.getElementById(focus)) || document.getElementById("cashback-title");
    at?.focus({ preventScroll: true });
    dialog.scrollTop = isNew ? 0 : scrolled;
  }

  // A screen reader tells what changes in a place that it knows already.
  function say(text) {
    clearTimeout(saying);
    saying = setTimeout(() => { said.textContent = text; }, 100);
  }

  // ---- keeping up ----

  async function refresh() {
    if (fetching) { missed = true; return; }
    fetching = true;
    try {
      const answer = await fetch(here, { cache: "no-store" });
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      else again = setTimeout(refresh, POLL_MS);
    } catch {
      again = setTimeout(refresh, POLL_MS);
    } finally {
      fetching = false;
    }
    if (missed) { missed = false; refresh(); }
  }

  function show(next) {
    const before = page(), after = next.getElementById("page"), old = popup();
    if (!after) return;
    const changed = before.dataset.status !== after.dataset.status;
    const typed = document.getElementById("f-pr")?.value, note = document.getElementById("paste-said")?.textContent;
    const open = [...document.querySelectorAll("details[open]")].map((details) => details.className);
    const lifted = old && old.matches(":modal");
    const claim = old?.dataset.claim, focus = document.activeElement?.id, scrolled = old?.scrollTop;
    if (changed && document.querySelector(".ask:focus-within:not(#paste)")) return;
    document.body.append(said);
    before.replaceWith(after);
    document.title = next.title;
    const pr = document.getElementById("f-pr");
    if (pr && typed) pr.value = typed;
    if (pr && !changed) document.getElementById("paste-said").textContent = note;
    all("details", (details) => { if (open.includes(details.className)) details.open = true; });
    prepare();
    tick();
    const now = popup();
    if (now && !old) lift(true); else if (now && lifted) lift(claim !== now.dataset.claim, focus, scrolled);
    if (changed) {
      live = true;
      say(after.dataset.said);
      if (!lifted && !now) document.querySelector(".paid h2")?.scrollIntoView({ block: "nearest" });
    }
    leave();
  }

  function told(status) {
    if (status !== page().dataset.status) refresh();
  }

  async function ask() {
    try {
      const answer = await fetch(here + "/status", { cache: "no-store" });
      if (answer.ok) told(await answer.text());
    } catch { /* the next time */ }
  }

  function follow() {
    if (stream || !window.EventSource) return;
    stream = new EventSource(here + "/events");
    stream.addEventListener("status", (event) => {
      clearInterval(polling);
      polling = 0;
      told(event.data);
    });
    stream.onerror = () => {
      if (!polling) polling = setInterval(ask, POLL_MS);
      if (stream.readyState === EventSource.CLOSED) {
        stream = null;
        setTimeout(follow, 10 * POLL_MS);
      }
    };
  }

  // ---- back to the shop ----

  // Only who saw it happen is taken away, and only after some seconds in which it can be stopped.
  function leave() {
    const link = document.querySelector("[data-leave]");
    if (!live || !link || leaving) return;
    const note = link.parentElement.querySelector(".leaving");
    note.hidden = false;
    say(page().dataset.said + " " + note.firstChild.textContent);
    leaving = setTimeout(() => { location.href = link.href; }, link.dataset.leave * 1000);
  }

  // ---- what a customer does ----

  async function copy(button) {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Over plain http there is no clipboard, but there is this.
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "unseen";
      button.after(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    say(button.dataset.done);
    button.classList.add("copied");
    const label = button.classList.contains("qr") ? null : button.textContent;
    if (label && label !== button.dataset.done) {
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 1600);
    }
    setTimeout(() => button.classList.remove("copied"), 1600);
  }

  // As a wallet does it: LUD-03.
  async function bring(form) {
    const note = document.getElementById("paste-said");
    const invoice = form.elements.pr.value.replace(/\s+/g, "").replace(/^lightning:/i, "");
    note.textContent = form.dataset.busy;
    try {
      const info = await (await fetch(form.dataset.withdraw)).json();
      if (info.status === "ERROR") { note.textContent = info.reason; return; }
      const told = new URLSearchParams({ k1: info.k1, pr: invoice });
      const answer = await (await fetch(form.dataset.withdraw + "/callback", { method: "POST", body: told })).json();
      note.textContent = answer.status === "OK" ? "" : answer.reason;
      if (answer.status === "OK") { form.reset(); refresh(); }
    } catch {
      note.textContent = form.dataset.lost;
    }
  }

  document.addEventListener("click", (event) => {
    const at = event.target.closest("[data-copy], [data-print], [data-stay]");
    if (!at) return;
    if (at.dataset.copy) copy(at);
    else if ("print" in at.dataset) print();
    else { clearTimeout(leaving); at.parentElement.hidden = true; }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "paste") return;
    event.preventDefault();
    bring(event.target);
  });
  // Closed, it stays in the page: nobody loses a cashback by a click beside it.
  document.addEventListener("close", (event) => {
    document.body.append(said);
    event.target.setAttribute("open", "");
  }, true);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });

  prepare();
  tick();
  setInterval(tick, 250);
  if (popup()?.dataset.lift !== undefined && !document.querySelector("details.paste[open]")) lift(true);
  follow();
  if (!window.EventSource) setInterval(ask, POLL_MS);
})();
