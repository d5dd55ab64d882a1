// What is typed into a form with a draft place ({% draft %}) is kept on the server, two seconds after typing stops and
// when the page is left. Nothing is kept in the browser: the machine may be shared. Without this script forms work as ever.
"use strict";

(() => {
  const REST = 2000; // milliseconds after the last key
  const AGAIN = 15000; // before a save that failed is tried again
  const SMALL = 60000; // bytes: browsers let no more outlive a page
  const TEXT = ["textarea", "text", "search", "email", "url", "tel", "number", "date", "time", "datetime-local"];
  const PRIVATE = ["one-time-code", "current-password", "new-password"];

  const isText = (field) => TEXT.includes(field.type) && field.name && !PRIVATE.includes(field.autocomplete);

  const watch = (place) => {
    const form = place.closest("form");
    const state = place.querySelector("[role=status]");
    const found = place.querySelector("[role=group]");
    const texts = () => [...form.elements].filter(isText);
    if (place.dataset.watched || !form || !texts().length) return;
    place.dataset.watched = "1";

    const written = () => JSON.stringify(texts().map((field) => [field.name, field.value]));
    const say = (text) => {
      if (state.textContent !== text) state.textContent = text;
    };
    let kept = written(); // what the server has, or what the page brought
    let refused = null; // what the server will not have: the same is not sent twice
    let choosing = false; // a draft was found, and its writer has not said what to do with it
    let sending = false; // the form is on its way: what is saved now would outlive it
    let isOut = false;
    let underWay = null;
    let timer = 0;

    const token = () => form.elements.csrfmiddlewaretoken;
    const ask = (method, body, leaving = false) =>
      fetch(place.dataset.address, {
        method,
        body,
        credentials: "same-origin",
        redirect: "manual",
        keepalive: leaving && new Blob([body || ""]).size < SMALL,
        headers: { Accept: "application/json", "X-CSRFToken": token().value },
      });

    // After a new sign-in the token of this page is void, for saving and for sending the form.
    const renewToken = async () => {
      const answer = await ask("GET");
      if (answer.ok) token().value = (await answer.json()).token;
      return answer;
    };

    const later = (milliseconds) => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => save(), milliseconds);
    };

    const heard = async (answer, text) => {
      isOut = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
      if (answer.ok) kept = text;
      if (isOut) return [place.dataset.signedOut, AGAIN];
      if (answer.status === 404) return [place.dataset.foreign, AGAIN];
      if (answer.status >= 500) return [place.dataset.failed, AGAIN];
      if (answer.status === 413) refused = text;
      const wait = answer.status === 429 ? 1000 * Number(answer.headers.get("Retry-After") || 60) : 0;
      return [(await answer.json()).said, wait];
    };

    const send = async (text, leaving) => {
      try {
        let answer = await ask("POST", text, leaving);
        if (answer.status === 403 && (await renewToken()).ok) answer = await ask("POST", text, leaving);
        const [said, wait] = await heard(answer, text);
        say(said);
        if (wait) later(wait);
      } catch {
        say(place.dataset.failed);
        later(AGAIN);
      }
    };

    const save = async (leaving = false) => {
      window.clearTimeout(timer);
      if (underWay) await underWay;
      const text = written();
      if (choosing || sending || text === kept || text === refused) return;
      underWay = send(text, leaving);
      await underWay;
      underWay = null;
    };

    const typed = (event) => {
      if (!isText(event.target)) return;
      sending = false;
      if (choosing) say(place.dataset.choose);
      else later(REST);
    };

    // A form sent without a session would be lost: it waits until its writer is back.
    const isBack = async () => {
      const answer = await renewToken().catch(() => null);
      isOut = !answer || !answer.ok;
      if (isOut) say(answer && answer.status === 404 ? place.dataset.foreign : place.dataset.signedOut);
      return !isOut;
    };

    const sent = async (event) => {
      if (underWay || isOut) {
        event.preventDefault();
        await underWay; // else it would come after the form, and its draft would stay
        if (!isOut || (await isBack())) form.requestSubmit(event.submitter);
        return;
      }
      window.clearTimeout(timer);
      sending = true;
      let mark = form.elements[place.dataset.sentWith];
      if (!mark) {
        mark = document.createElement("input");
        mark.type = "hidden";
        mark.name = place.dataset.sentWith;
        form.append(mark);
      }
      mark.value = place.dataset.draft;
    };

    const putBack = (fields) => {
      const left = [...fields];
      for (const field of texts()) {
        const position = left.findIndex(([name]) => name === field.name);
        if (position === -1) continue;
        field.value = left.splice(position, 1)[0][1];
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
      kept = written();
    };

    const chosen = (said) => {
      choosing = false;
      found.hidden = true;
      say(said);
      (texts()[0] || form).focus();
      later(REST);
    };

    const offer = (draft) => {
      choosing = true;
      found.querySelector("p").textContent = draft.said;
      found.hidden = false;
      found.querySelector("[data-restore]").addEventListener("click", () => {
        putBack(draft.fields);
        chosen(place.dataset.restored);
      });
      found.querySelector("[data-discard]").addEventListener("click", async () => {
        const answer = await ask("DELETE").catch(() => null);
        if (answer && answer.ok) chosen(place.dataset.discarded);
        else say(place.dataset.failed);
      });
    };

    const look = async () => {
      const answer = await ask("GET").catch(() => null);
      if (!answer || !answer.ok) return;
      const draft = await answer.json();
      if (draft.fields && JSON.stringify(draft.fields) !== written()) offer(draft);
    };

    form.addEventListener("input", typed);
    form.addEventListener("submit", sent);
    document.addEventListener("visibilitychange", () => save(document.visibilityState === "hidden"));
    window.addEventListener("focus", () => isOut && save());
    look();
  };

  document.querySelectorAll("[data-draft]").forEach(watch);
})();
