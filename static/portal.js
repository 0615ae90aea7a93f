// Makes pages nicer where script runs; every page works without it. No inline handlers, no outside calls.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // "/" goes to the search field unless something is being typed.
  const search = () => {
    const field = document.querySelector("[data-search]");
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
      if (field && event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        field.focus();
        field.select();
      }
    });
  };

  // Light, dark or as the device asks; the choice stays in this browser.
  const theme = () => {
    const order = ["auto", "light", "dark"];
    const read = () => { try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; } };
    for (const button of all("[data-theme-button]")) {
      const show = () => { button.textContent = button.dataset[read()]; };
      button.hidden = false;
      show();
      button.addEventListener("click", () => {
        const next = order[(order.indexOf(read()) + 1) % order.length];
        try { localStorage.setItem("theme", next); } catch { return; }
        document.dispatchEvent(new Event("portal:theme"));
        show();
      });
    }
  };

  // Menus close with Escape, with a click elsewhere, and when another opens.
  const menus = () => {
    const found = all("[data-menu]");
    const close = (except) => found.forEach((menu) => { if (menu !== except) menu.open = false; });
    found.forEach((menu) => menu.addEventListener("toggle", () => { if (menu.open) close(menu); }));
    document.addEventListener("click", (event) => close(event.target.closest("[data-menu]")));
    document.addEventListener("keydown", (event) => {
      const open = found.find((menu) => menu.open);
      if (event.key === "Escape" && open) { open.open = false; open.querySelector("summary").focus(); }
    });
  };

  // On a phone the row of tabs begins with the current one in sight.
  const tabs = () => {
    for (const tab of all(".tabs [aria-current]")) {
      const row = tab.closest(".tabs");
      row.scrollLeft = tab.getBoundingClientRect().left - row.getBoundingClientRect().left - 16;
    }
  };

  const side = () => {
    const panel = document.getElementById("side");
    const opener = document.querySelector("[data-side-open]");
    if (!panel || !opener) return;
    const set = (open) => {
      panel.classList.toggle("is-open", open);
      opener.setAttribute("aria-expanded", String(open));
      (open ? panel.querySelector("a") : opener).focus();
    };
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-controls", "side");
    opener.setAttribute("aria-expanded", "false");
    opener.addEventListener("click", (event) => { event.preventDefault(); set(true); });
    panel.querySelector("[data-side-close]").addEventListener("click", (event) => { event.preventDefault(); set(false); });
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") set(false); });
  };

  // Successes leave after 8 seconds unless somebody is reading them; failures stay until closed.
  const toasts = () => {
    for (const toast of all("[data-toasts] > *")) {
      const button = toast.querySelector("[data-close]");
      button.hidden = false;
      button.addEventListener("click", () => toast.remove());
      if (!toast.hasAttribute("data-leaves")) continue;
      let timer;
      const start = () => { timer = setTimeout(() => toast.remove(), 8000); };
      const stop = () => clearTimeout(timer);
      toast.addEventListener("mouseenter", stop);
      toast.addEventListener("focusin", stop);
      toast.addEventListener("mouseleave", start);
      toast.addEventListener("focusout", start);
      start();
    }
  };

  // A second press within two seconds is not sent again; after that a retry always is (the server does it once).
  const forms = () => {
    for (const form of all("form[data-once]")) {
      let sentAt = 0;
      form.addEventListener("submit", (event) => {
        const now = Date.now();
        if (now - sentAt < 2000) { event.preventDefault(); return; }
        sentAt = now;
        const button = event.submitter;
        if (!button?.dataset.working) return;
        const before = [...button.childNodes];
        button.style.minWidth = `${button.offsetWidth}px`;
        const spinner = document.createElement("span");
        spinner.className = "spinner";
        button.replaceChildren(spinner, document.createTextNode(button.dataset.working));
        setTimeout(() => button.replaceChildren(...before), 8000);
      });
    }
  };

  // Leaving with answers that were not sent asks first.
  const unsaved = () => {
    let changed = false;
    for (const form of all("form[data-watch]")) {
      form.addEventListener("input", () => { changed = true; });
      form.addEventListener("submit", () => { changed = false; });
    }
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  };

  const reveal = () => {
    for (const button of all("[data-reveal]")) {
      const field = document.getElementById(button.dataset.reveal);
      if (!field) continue;
      button.hidden = false;
      button.addEventListener("click", () => {
        const shown = field.type === "text";
        field.type = shown ? "password" : "text";
        button.setAttribute("aria-pressed", String(!shown));
      });
    }
  };

  // Copies an address, where the browser allows it, and says so in place of its own words for a while.
  const copies = () => {
    if (!navigator.clipboard) return;
    for (const button of all("[data-copy]")) {
      const words = button.querySelector("[role=status]");
      const before = words.textContent;
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        words.textContent = button.dataset.copied;
        setTimeout(() => { words.textContent = before; }, 4000);
      });
    }
  };

  const prints = () => {
    for (const button of all("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }
  };

  const focus = () => (document.querySelector("[data-focus]") || document.querySelector("[data-safe]"))?.focus();

  // Selects and checkboxes of a filter form apply at once; its button stays for everybody else.
  const filters = () => {
    for (const form of all("form[data-apply]")) form.addEventListener("change", () => form.requestSubmit());
  };

  // What a form's fields say, for asking the server about it. Without the submission id: nothing is done by asking.
  const spoken = (form, button) => {
    const said = new FormData(form);
    said.delete("submission_id");
    if (button) said.append(button.name, button.value);
    return new URLSearchParams(said);
  };

  // A part with data-live is what the entries of a form come to: asked for anew after each change.
  const live = () => {
    for (const part of all("[data-live]")) {
      const form = document.getElementById(part.dataset.liveForm);
      let timer;
      let asked = 0;
      const ask = async () => {
        const mine = ++asked;
        const answer = await fetch(part.dataset.live, { method: "POST", body: spoken(form) }).catch(() => null);
        if (answer?.ok && mine === asked) part.innerHTML = await answer.text();
      };
      const soon = () => { clearTimeout(timer); timer = setTimeout(ask, 250); };
      form.addEventListener("input", soon);
      form.addEventListener("portal:reworked", soon);
      for (const field of form.elements) if (!form.contains(field)) field.addEventListener("input", soon);
    }
  };

  // A button with data-part sends its form only to get that part of the page anew; the rest stays as it is.
  const parts = () => {
    document.addEventListener("submit", async (event) => {
      const button = event.submitter;
      const part = document.getElementById(button?.dataset.part);
      if (!part) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const form = event.target;
      const { name, value } = button;
      const answer = await fetch(form.action, { method: "POST", body: spoken(form, button) }).catch(() => null);
      const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page?.getElementById(part.id);
      if (!fresh) { form.submit(); return; }
      const open = all("details", part).map((details) => details.open);
      part.innerHTML = fresh.innerHTML;
      if (name !== "remove") all("details", part).forEach((details, at) => { if (open[at]) details.open = true; });
      const lines = all(`[name="remove"][value^="${value}-"]`, part);
      const line = name === "add" && lines.at(-1)?.closest("fieldset");
      (line ? line.querySelector("input, select") : part.querySelector(`[name="${name}"]`))?.focus();
      form.dispatchEvent(new Event("portal:reworked", { bubbles: true }));
    }, true);
  };

  // A form that only asks again is sent by itself, once; its button stays for everybody else.
  const sends = () => document.querySelector("form[data-send]")?.requestSubmit();

  [search, theme, menus, tabs, side, toasts, forms, unsaved, reveal, filters, sends, live, parts, copies, prints, focus].forEach((start) => start());
})();
