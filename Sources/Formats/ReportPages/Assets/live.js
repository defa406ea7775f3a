// Keeps the page of a running analysis up to date. Without it the page reloads itself.
"use strict";
(() => {
  const pause = 5000;
  let tag = null;
  const opened = () => new Set([...document.querySelectorAll("details[open][id]")].map((each) => each.id));
  const refresh = async () => {
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(location.href, { headers, cache: "no-store" });
      if (answer.status === 200) {
        tag = answer.headers.get("ETag");
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("main");
        const main = document.getElementById("main");
        if (fresh && main && fresh.innerHTML !== main.innerHTML) {
          const open = opened();
          for (const details of fresh.querySelectorAll("details[id]")) details.open = open.has(details.id);
          const focused = document.activeElement?.closest("details[id]")?.id;
          main.replaceWith(document.importNode(fresh, true));
          if (focused) document.getElementById(focused)?.querySelector("summary")?.focus();
          document.title = page.title;
        }
        if (fresh?.dataset.live !== "true") return;
      }
    } catch {
      // The service may be on its way back: ask again.
    }
    setTimeout(refresh, pause);
  };
  setTimeout(refresh, pause);
})();
