/* The desk's own script: freshness, ages, rings, the strip under a finger, keys, sheets. Everything works without it but those. */
(() => {
  "use strict";
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => within.querySelectorAll(selector);
  const words = JSON.parse(document.body.dataset.words || "{}");
  const put = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

  /* ---- the server's clock: ours may be an hour off */
  let ahead = 0;
  let base = performance.now();
  const heardAt = () => Date.now();
  const setClock = (ms) => { const now = Date.now(); ahead = Number(ms) - now; base = performance.now(); };
  const serverNow = () => Date.now() + ahead;
  if (Number(document.body.dataset.now)) setClock(document.body.dataset.now);

  const span = (ms) => {
    const s = Math.max(0, Math.floor(ms / 1000));
    if (s < 60) return put(words.seconds, { n: s });
    if (s < 3600) return put(words.minutes, { n: Math.floor(s / 60) });
    if (s < 86400) return put(words.hours, { n: Math.floor(s / 3600) });
    return put(words.days, { n: Math.floor(s / 86400) });
  };
  const age = (ms) => (ms < 1000 ? words.just : put(words.ago, { span: span(ms) }));
  const write = (node, text) => { if (node.textContent !== text) node.textContent = text; };

  /* ---- is what is shown still so? */
  const live = $("#live");
  const follows = live && live.hasAttribute("hx-sse:connect");
  const STALE_MS = 9000;
  let heard = heardAt();
  let connection = null;
  let cut = 0;
  let lost = false;

  const show = (state) => {
    const fresh = $("#fresh");
    if (fresh) {
      fresh.dataset.state = state;
      write($("#fresh-text"), state === "lost" ? words.lostShort : put(words.fresh, { ago: age(heardAt() - heard) }));
    }
    if (lost === (state === "lost")) return;
    lost = state === "lost";
    document.body.classList.toggle("is-lost", lost);
    const bar = $("#lost");
    bar.hidden = !lost;
    bar.textContent = lost ? put(words.lost, { at: new Date(heard + ahead).toLocaleTimeString(document.documentElement.lang, { hour12: false, timeZone: words.zone }) }) : "";
  };
  const hear = (ms) => { heard = heardAt(); if (ms) setClock(ms); show("live"); };
  const watch = () => {
    if (!follows || document.hidden) return;
    const silent = heardAt() - heard;
    if (silent > STALE_MS) {
      show("lost");
      if (connection && connection.reader && heardAt() - cut > STALE_MS) { cut = heardAt(); connection.reader.cancel().catch(() => {}); }
    } else if (!lost) show($("#fresh").dataset.state === "connecting" ? "connecting" : "live");
    if (!live._htmx || !live._htmx.sse) live.dispatchEvent(new CustomEvent("onbam:connect"));
  };
  if (follows) {
    live.addEventListener("htmx:sse:after:connection", (event) => { connection = event.detail.connection; live.removeAttribute("hx-headers"); });
    live.addEventListener("htmx:sse:error", () => { if (connection) connection.lastEventId = ""; show("lost"); });
    live.addEventListener("htmx:sse:close", () => { connection = null; });
    live.addEventListener("htmx:sse:after:message", () => hear());
    live.addEventListener("beat", (event) => hear(event.detail.data));
    live.addEventListener("gone", () => location.reload());
    window.addEventListener("offline", () => show("lost"));
    window.addEventListener("online", watch);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { watch(); tick(); } });
    let connecting = 0;
    live.addEventListener("onbam:connect", (event) => { if (Date.now() - connecting < 2500) event.stopImmediatePropagation(); else connecting = Date.now(); }, true);
  } else if ($("#lost")) { // a page without a stream asks whether anybody is there
    const ASK_MS = 3000;
    setInterval(() => { if (!document.hidden) fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(ASK_MS) }).then((r) => (r.ok ? hear() : show("lost")), () => show("lost")); }, ASK_MS);
  }
  document.addEventListener("htmx:before:response", (event) => {
    const ctx = event.detail.ctx;
    if (ctx.sourceElement === live && ctx.response.status >= 400 && !ctx.response.headers?.get?.("hx-redirect")) event.preventDefault();
  });
  document.addEventListener("htmx:config:request", (event) => { event.detail.ctx.request.headers["X-Form-Token"] = document.body.dataset.formToken; });

  /* ---- what counts by itself */
  const RING = 100;
  const tick = () => {
    const now = serverNow();
    for (const node of all("time[data-ago]")) write(node, age(now - Number(node.dataset.ago)));
    for (const node of all("time[data-left]")) write(node, span(Number(node.dataset.left) - now));
    for (const ring of all(".ring[data-until]")) {
      const share = Math.max(0, Math.min(1, (Number(ring.dataset.until) - now) / Number(ring.dataset.length)));
      ring.lastElementChild.setAttribute("stroke-dashoffset", String(RING - RING * share));
      ring.classList.toggle("low", share < 0.25);
    }
  };
  const afterSwap = () => {
    const needs = $("#needs-count");
    if (needs) for (const badge of all("[data-needs]")) write(badge, needs.value === "0" ? "" : needs.value);
    tick();
    wire();
    follow();
    markChosen();
    document.dispatchEvent(new CustomEvent("onbam:drawn"));
  };
  setInterval(() => { if (!document.hidden) { watch(); tick(); } }, 1000);

  /* ---- what is fetched again and again while somebody looks: a log, an answer of another PC */
  const POLL_MS = 2000;
  const wanted = (node) => {
    if (node.dataset.poll === "always") return true;
    if (node.dataset.poll === "open") return node.closest("details")?.open && !node.querySelector(".incident");
    return !node.querySelector(".incident-line, .empty");
  };
  const poll = () => {
    if (document.hidden || lost) return;
    for (const node of all("[data-poll]")) if (wanted(node)) node.dispatchEvent(new CustomEvent("onbam:poll"));
  };
  setInterval(poll, POLL_MS);
  document.addEventListener("toggle", (event) => { if (event.target.open && $("[data-poll]", event.target)) poll(); }, true);
  const follow = () => { for (const box of all("[data-tail]")) if (box.dataset.free !== "1") box.scrollTop = box.scrollHeight; };
  document.addEventListener("scroll", (event) => {
    const box = event.target;
    if (box.dataset && "tail" in box.dataset) box.dataset.free = box.scrollHeight - box.scrollTop - box.clientHeight > 40 ? "1" : "0";
  }, true);

  /* ---- the board's lines */
  const wire = () => {
    const board = $("[data-board]");
    if (!board) return;
    const svg = $(".board-wires", board);
    const box = board.getBoundingClientRect();
    let lines = "";
    for (const held of all("[data-held-by]", board)) {
      const pc = document.getElementById("board-pc-" + held.dataset.heldBy);
      if (!pc) continue;
      const a = pc.getBoundingClientRect(), b = held.getBoundingClientRect();
      const x1 = a.right - box.left, y1 = a.top + a.height / 2 - box.top, x2 = b.left - box.left, y2 = b.top + b.height / 2 - box.top;
      const bend = Math.min(60, (x2 - x1) / 2);
      const kind = pc.classList.contains("is-dead") ? " gone" : held.classList.contains("sending") ? " sending" : "";
      lines += `<path class="wire${kind}" d="M${x1.toFixed(1)} ${y1.toFixed(1)}C${(x1 + bend).toFixed(1)} ${y1.toFixed(1)} ${(x2 - bend).toFixed(1)} ${y2.toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}"/>`;
    }
    svg.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
    if (svg.dataset.drawn !== lines) { svg.innerHTML = lines; svg.dataset.drawn = lines; }
  };
  window.addEventListener("resize", wire);

  /* ---- the strip under a finger: the time of the whole page */
  const timeText = (ms) => new Date(ms).toLocaleTimeString("ko-KR", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: words.zone });
  const goTo = (ms) => { const url = new URL(location.href); if (ms === null) url.searchParams.delete("at"); else url.searchParams.set("at", String(ms)); location.href = url; };
  let drag = null;
  const dragged = (event) => {
    const strip = drag.strip.isConnected ? drag.strip : $("[data-strip]"); // an update may have put another in its place
    const over = strip && $(".strip-over", strip);
    const box = over?.getBoundingClientRect();
    if (!box?.width) return; // nothing to point at: what was pointed at last still holds
    drag.strip = strip;
    const nowX = Number(strip.dataset.nowX) / 100;
    const share = Math.max(0, Math.min(nowX, (event.clientX - box.left) / box.width));
    const from = Number(strip.dataset.from), to = Number(strip.dataset.to);
    const ms = Math.round((from + (to - from) * (share / nowX)) / 60000) * 60000;
    drag.go = () => goTo(share >= nowX - 0.004 ? null : ms);
    const x = share * box.width;
    const line = $(".drag-line", over), text = $(".drag-text", over);
    line.setAttribute("x1", x); line.setAttribute("x2", x);
    text.setAttribute("x", x); text.setAttribute("text-anchor", share > 0.9 ? "end" : share < 0.05 ? "start" : "middle");
    text.textContent = timeText(ms);
  };
  const letGo = () => { const go = drag?.go; drag = null; document.body.classList.remove("is-dragging"); return go; };
  document.addEventListener("pointerdown", (event) => {
    const strip = event.target.closest?.("[data-strip]");
    if (!strip || event.button !== 0 || event.target.closest("a")) return;
    drag = { strip, go: null };
    document.body.classList.add("is-dragging"); // on what no update replaces
    strip.setPointerCapture?.(event.pointerId);
    dragged(event);
  });
  document.addEventListener("pointermove", (event) => { if (drag) dragged(event); });
  document.addEventListener("pointerup", () => letGo()?.());
  document.addEventListener("pointercancel", letGo);
  for (const field of all("[data-day]")) {
    field.form?.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("change", () => {
      const range = $("[data-scrub]");
      if (!field.value || !range) return;
      const shown = Number(range.min), day = 86400000;
      const moved = Math.round((Date.parse(field.value) - Date.parse(field.defaultValue)) / day) * day;
      goTo(Math.min(shown + moved + day - 60000, serverNow() - 60000));
    });
  }
  for (const range of all("[data-scrub]")) {
    range.addEventListener("input", () => { const text = timeText(Number(range.value)); write($("#scrub-text"), text); range.setAttribute("aria-valuetext", text); });
    range.addEventListener("change", () => goTo(Number(range.value) >= Number(range.max) ? null : Number(range.value)));
  }

  /* ---- sheets: a question before an act */
  const sheet = $("#sheet");
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail?.ctx?.target || event.target;
    if (target && target.id === "sheet-inside") {
      if (!sheet.open) sheet.showModal();
      ($("[autofocus]", sheet) || $("input, textarea, button", sheet))?.focus();
    } else afterSwap();
  });
  let beside = false; // a press that began beside the sheet: not one on its edge, nor a selection drawn out of a field
  sheet.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => { const box = sheet.getBoundingClientRect(); beside = x < box.left || x > box.right || y < box.top || y > box.bottom; });
  const copy = (text) => {
    if (navigator.clipboard) { navigator.clipboard.writeText(text).catch(() => {}); return; }
    const field = document.createElement("textarea"); // without https a browser has no other way
    field.value = text;
    (sheet.open ? sheet : document.body).append(field);
    field.select(); document.execCommand("copy"); field.remove();
  };
  document.addEventListener("click", (event) => {
    if (event.target === sheet && beside) sheet.close();
    if (event.target.closest?.("[data-close]")) sheet.close();
    if (event.target.closest?.("[data-keys]")) $("#keys").showModal();
    if (event.target.closest?.("[data-print]")) window.print();
    const copied = event.target.closest?.("[data-copy]");
    if (copied) copy(copied.dataset.copy);
    const chosen = event.target.closest?.("[data-fill]");
    if (chosen) { const field = document.getElementById(chosen.dataset.fill); if (field) { field.value = chosen.dataset.value; field.focus(); } }
  });
  let hush = 0;
  const speak = (text, forMs) => {
    $("#say").textContent = text;
    clearTimeout(hush);
    hush = setTimeout(() => { $("#say").textContent = ""; }, forMs);
  };
  document.addEventListener("onbam:said", (event) => {
    const { text, undo, undo_text } = event.detail || {};
    if (sheet.open) sheet.close();
    const say = $("#say");
    speak(text || "", undo ? 15000 : 6000);
    if (undo) {
      const button = document.createElement("button");
      button.className = "btn"; button.type = "button"; button.textContent = undo_text;
      button.addEventListener("click", () => { say.textContent = ""; htmx.ajax("POST", undo, { swap: "none" }); });
      say.append(button);
    }
    if (!follows) setTimeout(() => location.reload(), 700);
  });

  /* ---- an act is sent once, and whoever pressed is told when nobody heard it */
  const SENT_MS = 8000; // a form that leaves the page may come back by the browser's own stop button
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    const gone = lost && !follows && !form.hasAttribute("hx-post");
    if (gone) speak(words.unopened, 6000);
    if (gone || Date.now() - (sent.get(form) ?? 0) < SENT_MS) { event.preventDefault(); event.stopImmediatePropagation(); } else sent.set(form, Date.now());
  }, true);
  window.addEventListener("pageshow", (event) => { if (event.persisted) for (const form of all("form")) sent.delete(form); });
  document.addEventListener("htmx:finally:request", (event) => sent.delete(event.detail.ctx.sourceElement));
  document.addEventListener("htmx:error", (event) => {
    const ctx = event.detail?.ctx, source = ctx?.sourceElement || event.target;
    if (source === live) { show("lost"); return; }
    if (!ctx || source.dataset?.poll) return;
    const text = ctx.request.method === "GET" ? words.unopened : words.unsure;
    if (!sheet.open) { speak(text, 10000); return; }
    const line = $(".unheard", sheet) || document.createElement("p");
    line.className = "warn unheard"; line.setAttribute("role", "alert"); line.textContent = text;
    ($("form", sheet) || $("#sheet-inside")).append(line);
  });

  /* ---- keys */
  const rows = () => [...all("[data-row]")].filter((row) => row.offsetParent !== null);
  let chosenRow = "";
  let chosenAt = 0; // where it stood: whoever clears a list goes on there
  const nameOf = (row) => row.id || row.dataset.open || "";
  const markChosen = () => { for (const row of all("[data-row]")) row.classList.toggle("chosen", chosenRow !== "" && nameOf(row) === chosenRow); };
  const choose = (step) => {
    const list = rows();
    if (!list.length) return;
    const now = list.findIndex((row) => nameOf(row) === chosenRow);
    const gone = chosenRow === "" ? (step > 0 ? 0 : list.length - 1) : chosenAt - (step < 0);
    chosenAt = Math.max(0, Math.min(list.length - 1, now < 0 ? gone : now + step));
    const next = list[chosenAt];
    chosenRow = nameOf(next);
    markChosen();
    next.scrollIntoView({ block: "nearest" });
    ($("a, button", next) || next).focus({ preventScroll: true });
  };
  let going = 0;
  const keyOf = ({ key, code, shiftKey }) => { // with Hangul switched on, J is ㅓ or has no name at all
    if (key !== "Process" && (key.length > 1 || key <= "~")) return key.length > 1 ? key : key.toLowerCase();
    return code === "Slash" ? (shiftKey ? "?" : "/") : code.replace(/^Key/, "").toLowerCase();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) { if (event.key === "Escape") event.target.blur(); return; }
    if (document.querySelector("dialog[open]")) return;
    const chosen = $("[data-row].chosen");
    if (Date.now() - going < 1200) {
      going = 0;
      const place = { t: "/", n: "/needs-you", o: "/orders", b: "/board", m: "/machines" }[keyOf(event)];
      if (place) { location.href = place; return; }
    }
    switch (keyOf(event)) {
      case "/": event.preventDefault(); $("input[type=search]")?.focus(); break;
      case "j": choose(1); break;
      case "k": choose(-1); break;
      case "Enter": if (chosen && event.target === document.body) location.href = chosen.dataset.open; break;
      case "r": (chosen && $("[data-retry]", chosen) || $("#main [data-retry]"))?.click(); break;
      case "t": $("[data-toggle-table]")?.click(); break;
      case "n": if (new URL(location.href).searchParams.has("at")) goTo(null); break;
      case "g": going = Date.now(); break;
      case "?": $("#keys").showModal(); break;
      default: return;
    }
  });

  /* ---- the paper lights up with the line we understood */
  const light = (event) => {
    const row = event.target.closest?.("tr[data-line]");
    const paper = $("iframe[data-paper]");
    if (row && paper) { const base = paper.getAttribute("src").split("#")[0]; if (paper.dataset.line !== row.dataset.line) { paper.dataset.line = row.dataset.line; paper.src = base + "#onbam-line-" + row.dataset.line; } }
  };
  document.addEventListener("mouseover", light);
  document.addEventListener("focusin", light);

  /* ---- the style came within the page, for the first picture; the next pages ask for the file */
  const style = $("style[data-file]");
  if (style) fetch(style.dataset.file, { priority: "low" }).catch(() => {});

  /* ---- installed on a phone; honest when nobody answers */
  if ("serviceWorker" in navigator && window.isSecureContext) navigator.serviceWorker.register("/sw.js").catch(() => {});
  const retry = $("[data-retry-page]");
  if (retry) setInterval(() => fetch(retry.dataset.retryPage, { cache: "no-store" }).then((r) => { if (r.ok) location.reload(); }).catch(() => {}), 3000);

  const start = () => { tick(); wire(); };
  if (document.readyState === "complete") start(); else window.addEventListener("load", start);
})();
