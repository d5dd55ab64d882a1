// The progress of a harvest renews itself while the harvest is under way. Without this script its link does the same.
"use strict";

(() => {
  const SECONDS = 3;
  const MOST = 400; // 20 minutes: an unattended page must not keep a session alive for ever
  let asked = 0;

  const renew = async () => {
    const present = document.getElementById("run-progress");
    if (!present || !("open" in present.dataset) || asked >= MOST) return;
    asked += 1;
    try {
      const answer = await fetch(window.location.pathname, { headers: { Accept: "text/html" }, redirect: "error" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const renewed = page.getElementById("run-progress");
      if (renewed && !present.contains(document.activeElement)) present.replaceWith(renewed);
    } catch {
      // The network failed for a moment: the page stays as it is, and is asked for again.
    }
    window.setTimeout(renew, SECONDS * 1000);
  };

  window.setTimeout(renew, SECONDS * 1000);
})();
