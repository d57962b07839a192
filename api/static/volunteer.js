// What a script adds to the volunteers' pages: report without leaving, copy, share, print. Without it all but these still works.
"use strict";

for (const form of document.querySelectorAll("[data-report]")) {
  let cut = false;
  form.addEventListener("submit", async (event) => {
    if (cut) return;
    event.preventDefault();
    const status = form.querySelector("[role=status]");
    const body = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
      const told = await answer.json();
      status.textContent = answer.ok ? told.message : told.error.message;
      if (answer.ok) form.querySelector("fieldset").disabled = true;
    } catch {
      cut = true; // from now on the browser sends it, with the button that was tapped: that says what is reported
      form.requestSubmit(event.submitter);
    }
  });
}

const told = document.querySelector("[data-told]");

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    told.textContent = button.dataset.done;
  });
}

for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () => navigator.share({ title: button.dataset.share, url: button.dataset.link }).catch(() => {}));
}
