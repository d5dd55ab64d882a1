// A branch of a family tree brings its children when it is opened. Without this script its link does the same.
"use strict";

(() => {
  const tree = document.querySelector(".tree");
  if (!tree) return;

  const rememberOpen = (key) => {
    const address = new URL(window.location.href);
    const open = (address.searchParams.get("open") || "").split("-").filter(Boolean);
    if (open.includes(key)) return;
    address.searchParams.set("open", [...open, key].join("-"));
    window.history.replaceState(null, "", address);
  };

  const say = (branch, text) => {
    let line = branch.querySelector(":scope > [role=status]");
    if (!line) {
      line = document.createElement("p");
      line.setAttribute("role", "status");
      branch.append(line);
    }
    line.textContent = text;
  };

  const fill = async (branch) => {
    say(branch, tree.dataset.loading);
    branch.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(branch.dataset.branch, { headers: { Accept: "text/html" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const summary = branch.querySelector(":scope > summary");
      branch.replaceChildren(summary, ...page.body.children);
      branch.removeAttribute("data-branch");
      rememberOpen(branch.closest("li").id.replace("node-", ""));
    } catch {
      say(branch, tree.dataset.failed);
    } finally {
      branch.removeAttribute("aria-busy");
    }
  };

  // "toggle" does not bubble: listen on the way down.
  tree.addEventListener(
    "toggle",
    (event) => {
      const branch = event.target;
      if (branch.open && branch.dataset.branch && !branch.hasAttribute("aria-busy")) fill(branch);
    },
    true,
  );
})();
