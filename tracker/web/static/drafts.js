// Keeps what a person types in a log form, a few seconds after the last key and on leaving the page.
// Without this script the form works the same; only the kept draft is missing.
"use strict";

const PAUSE = 3000;

for (const form of document.querySelectorAll("form[data-draft]")) {
  const said = form.querySelector("[data-draft-said]");
  let timer = 0;
  let changed = false;
  let sending = false;

  const typed = () => {
    const data = new URLSearchParams();
    for (const field of form.querySelectorAll("input[name=csrf_token], input[name=percent], textarea")) {
      data.set(field.name, field.value);
    }
    return data;
  };

  const tell = (text) => {
    if (said) said.textContent = text;
  };

  const save = async (leaving) => {
    clearTimeout(timer);
    if (!changed || sending) return;
    changed = false;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: typed(), keepalive: leaving });
      // A redirect leads to signing in: nothing was kept.
      if (answer.ok && !answer.redirected) return tell(await answer.text());
      changed = true;
      tell(answer.status < 500 ? said?.dataset.over : said?.dataset.unreached);
    } catch {
      changed = true; // no connection: the next key tries again
      tell(said?.dataset.unreached);
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE, false);
  });
  form.addEventListener("submit", () => {
    sending = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  addEventListener("pagehide", () => save(true));
}
