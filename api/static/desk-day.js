"use strict";
/* What makes a day at the desk quicker: translations that come by themselves, a filter for sentences, keys, notifications.
   Nothing here is needed: every page is whole without it. */

/* Machine translations, one after another: the machine does one at a time. */
async function fillTranslations() {
  for (const box of document.querySelectorAll("[data-translate]:not([data-asked])")) {
    box.dataset.asked = "yes";
    if (box.querySelector(".desk-translation-words")) continue;
    box.querySelector("p").textContent = "De computer vertaalt…";
    try {
      const answer = await fetch(box.dataset.translate, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error("no translation");
      box.innerHTML = await answer.text();
    } catch {
      box.querySelector("p").textContent = "De computervertaling is niet gelukt.";
    }
  }
}
if (document.querySelector("[data-log]")) {
  fillTranslations();
  addEventListener("desk-message", fillTranslations);
}

/* Sentences: only those with the typed words, Dutch or not. */
function filterPhrases(tool) {
  const field = tool.querySelector("input[type=search]");
  tool.querySelector("[data-phrase-filter]").hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const phrase of tool.querySelectorAll("[data-phrase]")) phrase.hidden = !phrase.textContent.toLowerCase().includes(wanted);
    for (const group of tool.querySelectorAll("[data-phrase-group]")) group.hidden = !group.querySelector("[data-phrase]:not([hidden])");
  });
}
const sentences = document.querySelector('[data-tool="zinnen"]');
if (sentences?.querySelector("[data-phrase-filter]")) filterPhrases(sentences);

/* What a worker folds stays folded, in this browser. */
for (const tool of document.querySelectorAll("details[data-tool]")) {
  const key = `balie-${tool.dataset.tool}`;
  const kept = localStorage.getItem(key);
  if (kept && !tool.contains(document.querySelector(":target")) && !location.search) tool.open = kept === "open";
  tool.addEventListener("toggle", () => localStorage.setItem(key, tool.open ? "open" : "dicht"));
}

/* Notifications: only after a press on the button, and without a word of any conversation. */
const calls = document.querySelector("[data-calls]");
const wanted = (name) => localStorage.getItem(`balie-${name}`) === "aan";
function showCalls(button) {
  const on = wanted("meldingen") && Notification.permission === "granted";
  button.setAttribute("aria-pressed", String(on));
  button.textContent = on ? "Meldingen uit" : "Meldingen aan";
}
function beep() {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  volume.gain.value = 0.1;
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.25);
  tone.addEventListener("ended", () => context.close());
}
if (calls && "Notification" in window) {
  const button = calls.querySelector("[data-call-me]");
  const sound = calls.querySelector("[data-sound]");
  calls.hidden = false;
  showCalls(button);
  sound.checked = wanted("geluid");
  sound.addEventListener("change", () => localStorage.setItem("balie-geluid", sound.checked ? "aan" : "uit"));
  button.addEventListener("click", async () => {
    const on = !wanted("meldingen") && (await Notification.requestPermission()) === "granted";
    localStorage.setItem("balie-meldingen", on ? "aan" : "uit");
    showCalls(button);
    if (!on && Notification.permission === "denied") announce("Je browser staat geen meldingen toe. De titel van deze pagina telt wie er wacht.");
  });
  addEventListener("desk-news", (event) => {
    const danger = event.detail.includes(true);
    if (wanted("geluid")) beep();
    if (wanted("meldingen") && Notification.permission === "granted" && document.hidden) {
      new Notification(danger ? "Gevaar" : "Iemand wacht", { tag: "balie", icon: "/static/icon.svg" });
    }
  });
}

/* Keys: single letters, off while typing, and off altogether for who wants that (WCAG 2.1.4). */
const help = document.querySelector("[data-keys]");
const rows = () => [...document.querySelectorAll("main tbody tr")].filter((row) => row.querySelector("a"));
let at = -1;
function move(step) {
  const all = rows();
  if (!all.length) return;
  at = Math.min(Math.max(at + step, 0), all.length - 1);
  all.forEach((row, place) => row.classList.toggle("desk-current", place === at));
  all[at].querySelector("a").focus();
}
function reach(selector) {
  const target = document.querySelector(selector);
  const folded = target?.closest("details:not([open])");
  if (folded) folded.open = true;
  target?.focus();
  return Boolean(target);
}
const KEYS = {
  "?": () => help.showModal(),
  j: () => move(1),
  k: () => move(-1),
  o: () => rows()[Math.max(at, 0)]?.querySelector("a").click(),
  t: () => document.querySelector("[data-key-take]")?.click(),
  a: () => reach("textarea[name=text]"),
  z: () => reach('[data-tool="zinnen"] input[type=search]'),
  "/": () => reach("#zoek, .desk-filter select, [role=search] input"),
  n: () => reach("#notitie"),
  w: () => location.assign("/balie"),
};
const TYPING = "input, textarea, select, [contenteditable]";
function startKeys() {
  const button = document.querySelector("[data-keys-open]");
  const off = help.querySelector("[data-keys-off]");
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
  help.querySelector("[data-keys-close]").addEventListener("click", () => help.close());
  off.checked = localStorage.getItem("balie-toetsen") === "uit";
  off.addEventListener("change", () => localStorage.setItem("balie-toetsen", off.checked ? "uit" : "aan"));
  document.addEventListener("keydown", (event) => {
    if (off.checked || help.open || event.ctrlKey || event.altKey || event.metaKey || event.target.closest(TYPING)) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
if (help?.showModal) startKeys();
