"use strict";

// Folded tables are printed whole, and folded again afterwards.
let opened = [];
window.addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
});
window.addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
  opened = [];
});

// A link to a folded table opens it.
function openTarget() {
  const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  const details = target ? target.querySelector("details") : null;
  if (details) details.open = true;
}
window.addEventListener("hashchange", openTarget);
openTarget();

// Copy sentences and tables, with their italics for a word processor and as plain text (tables: a tab between cells).
// Without a clipboard the buttons stay hidden.
function listLines(element) {
  const rows = element.querySelectorAll("tr");
  if (rows.length) return [...rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join("\t"));
  return [...element.children].map((part) => part.textContent.trim());
}
async function copyElement(element, plain) {
  if (window.ClipboardItem && navigator.clipboard.write) {
    const parts = { "text/plain": plain, "text/html": element.outerHTML };
    const blobs = Object.entries(parts).map(([type, text]) => [type, new Blob([text], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  } else await navigator.clipboard.writeText(plain);
}
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const isTable = button.classList.contains("table");
      const source = isTable ? button.closest("div.table").querySelector("table") : button.parentElement;
      const element = source.cloneNode(true);
      for (const one of element.querySelectorAll("button")) one.remove();
      await copyElement(element, listLines(element).join("\n"));
      button.textContent = "Copied";
    });
  }
}

// The contents show which section is being read.
const links = new Map();
for (const link of document.querySelectorAll("nav.contents a")) links.set(link.hash.slice(1), link);
const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  },
  { rootMargin: "-10% 0px -80% 0px" },
);
for (const section of document.querySelectorAll("main > section")) watcher.observe(section);
