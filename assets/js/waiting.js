// What takes longer than a moment says so, and can be stopped. Without this script the browser's own sign does.
"use strict";

(() => {
  const PATIENCE = 300; // milliseconds before it is said
  const line = document.querySelector("[data-waiting]");
  if (!line) return;
  let late = 0;

  const wait = () => {
    window.clearTimeout(late);
    late = window.setTimeout(() => (line.hidden = false), PATIENCE);
  };
  const rest = () => {
    window.clearTimeout(late);
    line.hidden = true;
  };

  const leads = (link) => link && !link.hasAttribute("download") && !link.target && link.origin === window.location.origin
    && (link.pathname !== window.location.pathname || link.search !== window.location.search);

  // On the window, so that what a script answered itself (`defaultPrevented`) is known by then.
  window.addEventListener("submit", (event) => !event.defaultPrevented && wait());
  window.addEventListener("click", (event) => {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (isPlain && !event.defaultPrevented && leads(event.target.closest?.("a[href]"))) wait();
  });
  line.querySelector("button").addEventListener("click", () => {
    window.stop();
    rest();
  });
  window.addEventListener("pageshow", rest); // also when one comes back to a page that was kept
})();
