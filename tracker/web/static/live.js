// Tells when what a page shows has changed since it was opened; it changes nothing by itself.
// Without this script the page works the same: reload it to see what is new.
"use strict";

const EVERY = 60000;
const told = document.getElementById("live");
let known = told.dataset.revision;

// What the page says about the work: without what was said once, after a form was sent.
const words = (page) => {
  const main = page.querySelector("main").cloneNode(true);
  for (const passing of main.querySelectorAll(":scope > p.notice, #live, script")) passing.remove();
  return main.textContent.replace(/\s+/g, " ");
};

const differs = async () => {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok || answer.redirected) return false;
  return words(new DOMParser().parseFromString(await answer.text(), "text/html")) !== words(document);
};

const look = async () => {
  if (document.hidden || !told.hidden) return;
  try {
    const answer = await fetch(told.dataset.address, { headers: { "If-None-Match": `"${known}"` }, cache: "no-store" });
    if (answer.status !== 200 || answer.redirected) return;
    known = await answer.text();
    if (await differs()) told.hidden = false;
  } catch {
    // No connection just now: the next look will tell.
  }
};

setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
window.addEventListener("focus", look);
