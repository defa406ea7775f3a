// Keeps a page up to date that changes while it is looked at. Without it the page reloads itself.
"use strict";
(() => {
  const address = document.getElementById("main")?.dataset.stream;
  if (!address) return;
  // A page asks again at most so often, however much happens; without a stream it asks every so often.
  const [pause, polling, patience] = [2000, 5000, 60000];
  // What is done about a verdict comes after it.
  const lingering = 600000;
  let ending = null;
  let [tag, source, timer, asked, isStreaming] = [null, null, null, 0, false];
  // Whether the page is about to ask because something has happened, and whether more has happened since.
  let [isAsking, hasMore] = [false, false];

  // What people have opened, and where they are, stays as it is.
  const isHeld = (element) =>
    element.matches("form, dialog[open]") && (element.contains(document.activeElement) || [...element.elements ?? []].some(isEdited));
  const isEdited = (field) =>
    (field.matches("input[type=checkbox], input[type=radio]") && field.checked !== field.defaultChecked) ||
    (field.matches("input, textarea") && field.value !== field.defaultValue) ||
    (field.matches("select") && [...field.options].some((option) => option.selected !== option.defaultSelected));
  const isText = (element) =>
    element.matches("svg") || !element.children.length || [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const isSame = (old, fresh) => old.tagName === fresh.tagName && old.id === fresh.id;

  const update = (old, fresh) => {
    if (old.matches("details")) fresh.open = old.open;
    if (old.isEqualNode(fresh) || isHeld(old)) return;
    if (isText(old) || isText(fresh)) return replace(old, fresh);
    for (const name of new Set([...old.getAttributeNames(), ...fresh.getAttributeNames()])) {
      const value = fresh.getAttribute(name);
      if (value === null) old.removeAttribute(name);
      else if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    const [before, after] = [[...old.children], [...fresh.children]];
    let place = 0;
    for (const each of after) {
      const found = before.findIndex((one, index) => index >= place && isSame(one, each));
      if (found < 0) {
        old.insertBefore(document.importNode(each, true), before[place] ?? null);
      } else {
        for (const gone of before.slice(place, found)) if (!isHeld(gone)) gone.remove();
        update(before[found], each);
        place = found + 1;
      }
    }
    for (const gone of before.slice(place)) if (!isHeld(gone)) gone.remove();
  };

  // The link or the summary that has the focus has it afterwards too.
  const replace = (old, fresh) => {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const twin = document.importNode(fresh, true);
    old.replaceWith(twin);
    if (!focused) return;
    const link = focused.getAttribute("href");
    const all = [twin, ...twin.querySelectorAll("a, button, summary, [tabindex]")];
    all.find((one) => one.tagName === focused.tagName && one.getAttribute("href") === link)?.focus();
  };

  const show = (page) => {
    const [main, fresh] = [document.getElementById("main"), page.getElementById("main")];
    if (!main || !fresh) return;
    for (const details of main.querySelectorAll("details[id]")) {
      const twin = fresh.querySelector(`#${CSS.escape(details.id)}`);
      if (twin) twin.open = details.open;
    }
    update(main, fresh);
    document.title = page.title;
    if (fresh.dataset.live !== "true") ending ??= setTimeout(stop, lingering);
  };

  const refresh = async () => {
    [timer, asked, isAsking] = [null, Date.now(), false];
    try {
      // One that was made for another reader in the last second will do.
      const headers = { "Cache-Control": "max-age=1", ...(tag && { "If-None-Match": tag }) };
      const answer = await fetch(location.href, { headers, cache: "no-store" });
      if (answer.status === 200) {
        tag = answer.headers.get("ETag");
        show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      }
    } catch {
      // The service may be on its way back: ask again.
    }
    if (source === null || timer) return;
    if (hasMore) soon();
    else ask(isStreaming ? patience : polling);
  };

  const ask = (time) => {
    clearTimeout(timer);
    timer = setTimeout(refresh, time);
  };
  // A page that is a second old must be younger than what has happened; and not all who look at it ask at once.
  const soon = () => {
    hasMore = isAsking;
    if (isAsking) return;
    isAsking = true;
    ask(Math.max(1100 + 1000 * Math.random(), asked + pause - Date.now()));
  };

  const listen = () => {
    if (source) return;
    source = new EventSource(address);
    source.onopen = () => {
      isStreaming = true;
      // Something may have happened since the page was made.
      soon();
    };
    for (const name of ["transition", "action", "change", "reset"]) source.addEventListener(name, soon);
    source.onerror = () => {
      isStreaming = false;
      // A stream that broke comes again by itself; one that was refused does not: ask, and try again later.
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => { leave(); if (!document.hidden) listen(); }, patience);
      ask(polling);
    };
  };
  const leave = () => {
    source?.close();
    [source, isStreaming] = [null, false];
  };
  const stop = () => {
    leave();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", turn);
  };
  // A page that is not looked at holds no connection: a browser has few for one service.
  const turn = () => {
    clearTimeout(timer);
    if (document.hidden) return leave();
    listen();
  };
  document.addEventListener("visibilitychange", turn);
  if (!document.hidden) listen();
})();
