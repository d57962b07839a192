"use strict";
/* The desk, live. Every page works without this file: forms post, and a page shows the newest state when it is opened. */

const live = document.querySelector("[data-live]");
const announce = (words) => { live.textContent = words; };

/* Opens a stream; a closed one (logged out, server gone for good) is told, a lost connection mends itself. */
function listen(address, handlers) {
  const source = new EventSource(address);
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data), source));
  }
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) announce("Deze pagina ververst niet meer. Vernieuw de pagina of log opnieuw in.");
  });
}

/* Same words as `duration` in api/desk/words.py. */
function duration(minutes) {
  if (minutes < 1) return "nu";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)} u ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} u`;
}

function tick() {
  for (const time of document.querySelectorAll("time[data-since]")) {
    const words = duration(Math.max(0, Math.floor((Date.now() - Date.parse(time.dataset.since)) / 60000)));
    if (time.textContent !== words) time.textContent = words;
  }
}

/* Replaces what is inside `box` and keeps the keyboard where it was. */
function replace(box, html) {
  const focused = box.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  box.innerHTML = html;
  if (focused) box.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  tick();
}

function followQueue(box) {
  const keys = () => new Set([...box.querySelectorAll("[data-key]")].map((row) => row.dataset.key));
  listen(box.dataset.events, {
    queue: (change) => {
      const known = keys();
      replace(box, change.html);
      document.title = change.title;
      const news = [...box.querySelectorAll("[data-key]")].filter((row) => !known.has(row.dataset.key));
      if (news.length) {
        announce(news.map((row) => row.dataset.news).join(" "));
        dispatchEvent(new CustomEvent("desk-news", { detail: news.map((row) => row.classList.contains("desk-row-danger")) }));
      }
    },
  });
}

function followConversation(box) {
  const log = box.querySelector("[data-log]");
  const panel = box.querySelector("[data-panel]");
  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const last = [...log.querySelectorAll(".desk-message-person, .desk-message-staff")].at(-1);
  // A question begins at its first line; after an answer of the desk the end is in view, so that what comes next is seen.
  if (last?.matches(".desk-message-staff")) log.scrollTop = log.scrollHeight;
  else if (last) log.scrollTop = last.offsetTop - log.offsetTop - 16;
  keepDraft(box, panel);
  listen(box.dataset.events, {
    message: (message) => {
      if (document.getElementById(`bericht-${message.id}`)) return;
      const stay = !atEnd();
      log.insertAdjacentHTML("beforeend", message.html);
      if (!stay) log.scrollTop = log.scrollHeight;
      dispatchEvent(new Event("desk-message"));
    },
    viewers: (now) => {
      const line = box.ownerDocument.querySelector("[data-viewers]");
      line.querySelector("[data-viewers-names]").textContent = now.names.join(", ");
      line.hidden = !now.names.length;
    },
    panel: (now) => {
      if (now.signature === panel.dataset.signature) return;
      panel.dataset.signature = now.signature;
      const unsent = panel.querySelector("textarea")?.value.trim();
      if (!unsent) panel.innerHTML = now.html;
      tick();
      announce(unsent ? "Dit gesprek is veranderd. Bewaar je tekst en vernieuw de pagina." : panel.querySelector("h2").textContent);
    },
    gone: (_, source) => {
      source.close();
      log.replaceChildren();
      panel.replaceChildren();
      announce("De nieuwkomer heeft dit gesprek laten verwijderen.");
    },
  });
}

/* What is being written outlives a reload or an expired login, in this tab only. */
function keepDraft(box, panel) {
  const key = `concept-${box.dataset.conversation}`;
  const field = panel.querySelector("textarea[name=text]");
  if (box.dataset.done === "reply") sessionStorage.removeItem(key);
  else if (field && !field.value) field.value = sessionStorage.getItem(key) ?? "";
  panel.addEventListener("input", (event) => {
    if (event.target.name === "text") sessionStorage.setItem(key, event.target.value);
  });
  panel.addEventListener("submit", (event) => {
    if (!event.target.elements.text) sessionStorage.removeItem(key);
  });
}

/* One press sends once. */
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

/* A reload must not say again what was done. */
if (location.search.includes("gelukt=")) history.replaceState(null, "", location.pathname + location.hash);

/* On a small screen the menu is folded, so that the page itself comes first; without this file it is open. */
const menu = document.querySelector("[data-menu]");
const roomy = matchMedia("(min-width: 52.01rem)");
const foldMenu = () => { menu.open = roomy.matches; };
if (menu) {
  foldMenu();
  roomy.addEventListener("change", foldMenu);
}

const queue = document.getElementById("wachtrij");
const conversation = document.querySelector("[data-conversation]");
if (queue) followQueue(queue);
if (conversation) followConversation(conversation);
setInterval(tick, 20000);
