// What a page shows and offers, for test_every_page. Gives a list of complaints, each a sentence.
([width, allowed]) => {
  const complaints = [];
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest("[hidden]");
  const words = (element) => (element.innerText || element.textContent || "").trim();
  const path = (element) => element.outerHTML.slice(0, 120).replace(/\s+/g, " ");

  if (!/[\u4e00-\u9fff]/.test(document.title)) complaints.push(`title without Chinese: ${document.title}`);
  if (document.documentElement.lang !== "zh-CN") complaints.push("lang is not zh-CN");
  if (document.querySelectorAll("h1").length !== 1) complaints.push(`${document.querySelectorAll("h1").length} first headings`);
  if (document.documentElement.scrollWidth > width) {
    const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1 && seen(e) && !e.closest(".table-responsive"));
    complaints.push(`scrolls sideways at ${width}: ${document.documentElement.scrollWidth}, ${wide.slice(0, 3).map(path).join(" | ")}`);
  }
  const twice = [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, at, all) => all.indexOf(id) !== at);
  if (twice.length) complaints.push(`ids used twice: ${[...new Set(twice)]}`);

  const name = (e) => (e.getAttribute("aria-label") || (e.getAttribute("aria-labelledby") || "").split(" ").map((id) => words(document.getElementById(id) || document.createElement("i"))).join("") || [...(e.labels || [])].map((l) => l.textContent.trim()).join("") || "").trim();
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) if (!name(field)) complaints.push(`field without a name: ${path(field)}`);
  for (const control of document.querySelectorAll("a[href], button")) if (!words(control) && !name(control) && !control.querySelector("img[alt]:not([alt=''])")) complaints.push(`control without words: ${path(control)}`);
  for (const link of document.querySelectorAll("a")) if (!link.getAttribute("href") || link.getAttribute("href") === "#") complaints.push(`dead link: ${path(link)}`);
  for (const button of document.querySelectorAll("button")) {
    const alive = (button.type === "submit" && button.form) || button.matches("[data-print], [data-bs-toggle], [hx-get], [hx-post], [x-on\\:click], [\\@click]");
    if (!alive) complaints.push(`dead button: ${path(button)}`);
  }
  for (const picture of document.querySelectorAll("img:not([alt])")) complaints.push(`picture without alt: ${path(picture)}`);

  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const place = walker.currentNode.parentElement;
    if (!place.closest("script, style, template, noscript")) texts.push(walker.currentNode.textContent);
  }
  for (const attribute of ["placeholder", "aria-label", "title", "alt", "aria-description"]) for (const e of document.querySelectorAll(`[${attribute}]`)) texts.push(e.getAttribute(attribute));
  const fine = new RegExp(allowed, "g");
  for (const text of texts) {
    const left = text.replace(fine, " ").match(/[A-Za-z]{2,}/g);
    if (left) complaints.push(`English: ${[...new Set(left)].join(" ")} in “${text.trim().slice(0, 80)}”`);
    if (/\bNone\b|\bTrue\b|\bFalse\b|undefined|\[object|&(amp|lt|gt|nbsp);|\{\{|\{%/.test(text)) complaints.push(`raw value in “${text.trim().slice(0, 80)}”`);
  }
  return [...new Set(complaints)];
}
