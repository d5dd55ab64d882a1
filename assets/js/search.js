// Results as one types. Without this script the same form is sent by its button or Enter.
"use strict";

(() => {
  const form = document.querySelector("form[data-search]");
  const region = document.querySelector("[data-results]");
  if (!form || !region) return;

  const box = form.querySelector("[type=search]");
  const status = form.querySelector("[role=status]");
  const SHORTEST = 2; // characters: one alone is asked for by the button
  const PAUSE = 250; // milliseconds without a key before the question goes out
  const PATIENCE = 300; // milliseconds before it is said that something loads
  let [waiting, asking, asked] = [0, null, box.value.trim()];

  const question = (signal) =>
    asked ? fetch(form.action, { method: "POST", body: new FormData(form), signal }) : fetch(form.action, { signal });

  // The page of the results stands at an address of its own, sealed: going back to it finds them again.
  const ask = async () => {
    asking?.abort();
    asked = box.value.trim();
    const mine = (asking = new AbortController());
    const late = window.setTimeout(() => {
      region.setAttribute("aria-busy", "true");
      status.textContent = form.dataset.loading;
    }, PATIENCE);
    try {
      const answer = await question(mine.signal);
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-results]");
      if (!page) throw new Error("signed out");
      region.replaceChildren(...page.childNodes);
      window.history.replaceState(null, "", answer.url);
      status.textContent = asked ? `${form.dataset.found} ${region.querySelectorAll("li").length}` : "";
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = form.dataset.failed;
    } finally {
      window.clearTimeout(late);
      if (mine === asking) region.removeAttribute("aria-busy");
    }
  };

  const typed = () => {
    const text = box.value.trim();
    window.clearTimeout(waiting);
    if (text === asked || (text && text.length < SHORTEST)) return;
    waiting = window.setTimeout(ask, PAUSE);
  };

  // Down goes from the box into the results, up and Escape come back to it.
  const moved = (event) => {
    const links = [...region.querySelectorAll("a[href]")];
    const place = links.indexOf(document.activeElement);
    const to = { ArrowDown: links[place + 1], ArrowUp: place > 0 ? links[place - 1] : box, Escape: box }[event.key];
    const isInside = place >= 0 || (event.key === "ArrowDown" && document.activeElement === box);
    if (!to || !isInside) return;
    event.preventDefault();
    to.focus();
  };

  box.addEventListener("input", typed);
  form.addEventListener("change", (event) => event.target !== box && box.value.trim() && ask());
  for (const part of [form, region]) part.addEventListener("keydown", moved);
})();
