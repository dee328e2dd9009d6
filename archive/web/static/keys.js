// Keys to walk through edits, and times in the reader's own zone. Every page works without this file.
"use strict";

(() => {
  const edits = () => [...document.querySelectorAll(".line.edit")];
  let at = -1;

  function go(step) {
    const all = edits();
    if (!all.length) return;
    const hash = all.findIndex((each) => "#" + each.id === location.hash);
    if (at < 0 && hash >= 0) at = hash;
    at = Math.min(Math.max(at + step, 0), all.length - 1);
    const fold = all[at].closest("details");
    if (fold) fold.open = true;
    all[at].focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "center" });
  }

  function follow(key) {
    const link = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (link) location.assign(link.href);
  }

  function unfold() {
    const folds = [...document.querySelectorAll("details.fold")];
    const open = folds.some((each) => !each.open);
    for (const each of folds) each.open = open;
  }

  const help = document.getElementById("keys");
  const actions = {
    n: () => go(1), j: () => go(1), p: () => go(-1), k: () => go(-1),
    "[": () => follow("["), "]": () => follow("]"), v: () => follow("v"), a: () => follow("a"),
    u: unfold,
    "/": () => document.getElementById("top-search").focus(),
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || help.open) return;
    if (event.target.closest("input, select, textarea")) return;
    const action = actions[event.key];
    if (action) { event.preventDefault(); action(); }
  });

  const button = document.querySelector("[data-keys]");
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());

  for (const link of document.querySelectorAll("[data-first]")) {
    link.addEventListener("click", (event) => { event.preventDefault(); at = -1; go(1); });
  }

  const zone = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const time of document.querySelectorAll("time")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.valueOf())) time.title += " – here: " + zone.format(moment);
  }
})();
