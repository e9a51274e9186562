// Puts a button beside each field marked data-copy that copies what it holds.
// Without this script the field can be selected and copied by hand.
"use strict";

for (const field of document.querySelectorAll("input[data-copy]")) {
  const button = document.createElement("button");
  const said = document.createElement("span");
  button.type = "button";
  button.className = "btn btn-outline-primary";
  button.textContent = field.dataset.copy;
  button.setAttribute("aria-describedby", field.id);
  said.className = "copied";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // where the page is not served over https
    }
    said.textContent = field.dataset.copied;
  });
  field.after(button, said);
}
