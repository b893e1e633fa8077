/* What HTML can't do by itself. Every link and form works without this file; see docs/design.md for the data- attributes. */
(() => {
  const doc = document;
  const find = (selector, root = doc) => root.querySelector(selector);
  const each = (selector, root, act) => root.querySelectorAll(selector).forEach(act);
  const on = (name, act, where = doc) => where.addEventListener(name, act);

  /* The browser refuses markup and worker addresses from scripts that no policy let through. */
  const policies = window.trustedTypes;
  if (policies && window.htmx) {
    htmx.registerExtension("portal-types", {
      init: (api) => api.initSecurity(policies.createPolicy("htmx", { createHTML: (html) => html })),
    });
  }
  on("load", () => {
    const rules = { createScriptURL: (url) => (url === "/sw.js" ? url : "") };
    const policy = policies ? policies.createPolicy("portal-sw", rules) : rules;
    navigator.serviceWorker?.register(policy.createScriptURL("/sw.js")).catch(() => {});
  }, window);

  /* Connection and failed requests: the card stays, the text stays. */
  const words = find("#status")?.dataset ?? {};
  const net = find("#net");
  let shown = "";
  const tell = (text) => { shown = text; if (net) { find("p", net).textContent = text; net.hidden = !text; } };
  const offline = () => tell(find("#net p")?.dataset.offline ?? "");
  on("offline", offline, window);
  on("online", () => tell(""), window);
  if (!navigator.onLine) offline();
  const failed = (event) => {
    const ctx = event.detail.ctx;
    if (!ctx || ctx.response?.status < 500) return;
    if (navigator.onLine) return tell(words.failed);
    tell(`${find("#net p").dataset.offline} ${ctx.request?.method === "POST" ? words.unsent : ""}`);
  };
  on("htmx:error", failed);
  on("htmx:response:error", failed);

  const timers = new WeakMap();
  const busy = (ctx, value) => {
    if (!(ctx.target instanceof Element)) return;
    if (value) ctx.target.setAttribute("aria-busy", "true"); else ctx.target.removeAttribute("aria-busy");
  };
  on("htmx:before:request", ({ detail: { ctx } }) => {
    busy(ctx, true);
    if (shown === words.failed) tell("");
    find("#request-error")?.remove();
    find("#signin-panel:has([data-token])")?.remove();
    timers.set(ctx, setTimeout(() => tell(words.slow), 8000));
  });
  on("htmx:finally:request", ({ detail: { ctx } }) => {
    busy(ctx, false);
    clearTimeout(timers.get(ctx));
    if (shown === words.slow) tell("");
    each("form[data-sent]", doc, (form) => delete form.dataset.sent);
  });

  /* Forms with data-guard: typed text is not lost by accident. */
  const altered = (field) =>
    field.type === "hidden" ? false
    : field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
    : field.type === "file" ? field.files.length > 0
    : field.options ? field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected))
    : field.defaultValue !== undefined && field.value !== field.defaultValue;
  const dirty = (form) => Boolean(find(".error-summary", form)) || [...form.elements].some(altered);
  on("submit", (event) => { event.target.dataset.sent = ""; });
  on("beforeunload", (event) => {
    if ([...doc.querySelectorAll("form[data-guard]:not([data-sent])")].some(dirty)) event.preventDefault();
  }, window);

  on("keydown", (event) => {
    const at = event.target;
    if (event.key === " " && at.matches?.("a[role=button]")) { event.preventDefault(); at.click(); }
    const form = event.key === "Escape" && at.closest?.("form[data-guard]");
    const cancel = form && find("[data-cancel]", form);
    if (!cancel) return;
    if (!dirty(form)) return cancel.click();
    cancel.focus();
    find("#status").textContent = words.unsent;
  });

  on("click", ({ target }) => {
    const button = target.closest?.("[data-reveal], [data-close-net], [data-print]");
    if (!button) return;
    if ("closeNet" in button.dataset) return tell("");
    if ("print" in button.dataset) return print();
    const field = doc.getElementById(button.dataset.reveal);
    const other = button.dataset.hide;
    button.dataset.hide = button.textContent;
    button.textContent = other;
    field.type = field.type === "password" ? "text" : "password";
  });

  /* A new password says how far it is. */
  on("input", ({ target }) => {
    const hint = target.id && find(`[data-count-for="${target.id}"]`);
    if (!hint) return;
    const left = hint.dataset.count - [...target.value].length;
    hint.hidden = !target.value;
    hint.textContent = left > 0 ? hint.dataset.left.replace("#", left) : hint.dataset.enough;
  });

  /* Closing a card takes the focused link with it; the pencil is where it came from. */
  const dress = () => each("[data-reveal], [data-print], [data-js]", doc, (button) => { button.hidden = false; });
  on("htmx:after:swap", ({ detail: { ctx } }) => {
    dress();
    /* Logged in again: the open forms get the new session's token. */
    const token = find("[data-token]")?.dataset.token;
    if (token) each("[name=csrf_token]", doc, (field) => { field.value = token; });
    if (doc.activeElement === doc.body && ctx.target?.id) doc.getElementById(`${ctx.target.id}-pencil`)?.focus();
  });
  on("animationend", ({ target }) => { if (target.matches(".undo-left")) target.closest("[data-undo]").remove(); });
  dress();

  /* The install card. Its cookie says how often, and on which day last, somebody chose "Nu niet". */
  const card = find("[data-install]");
  const today = Math.floor(Date.now() / 864e5);
  const [count, day] = (/(?:^|; )install=(\d+)-(\d+)/.exec(doc.cookie) ?? [0, 0, 0]).slice(1).map(Number);
  const apart = matchMedia("(display-mode: standalone)").matches || navigator.standalone;
  if (!card || apart || count > 1 || (count && today - day < 60)) return;
  on("click", () => {
    doc.cookie = `install=${count + 1}-${today}; Max-Age=34560000; Path=/; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
    card.remove();
  }, find("[data-install-later]", card));
  if (/iPhone|iPad/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)) {
    find("[data-install-ios]", card).hidden = card.hidden = false;
  }
  on("beforeinstallprompt", (event) => {
    const button = find("[data-install-now]", card);
    event.preventDefault();
    card.hidden = button.hidden = false;
    button.onclick = () => { event.prompt(); card.remove(); };
  }, window);
})();
