/* The desk: reasons at one tap, the count of decided fields, keys for those who have a keyboard. */
(() => {
  const doc = document;
  const find = (selector, root = doc) => root.querySelector(selector);

  const dress = () => {
    doc.querySelectorAll("[data-chips]").forEach((chips) => { chips.hidden = false; });
    find(".queue-item[aria-current]")?.scrollIntoView({ block: "nearest" });
    find(".filter[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const count = () => {
    const form = find("form[data-decisions]");
    if (!form) return;
    const chosen = [...form.querySelectorAll(".sheet :checked[type=radio]")];
    const rejected = chosen.filter((radio) => radio.value === "reject").length;
    for (const [name, number] of [["approve", chosen.length - rejected], ["reject", rejected]]) {
      const tag = find(`[data-count="${name}"]`);
      if (!tag) continue;
      find("b", tag).textContent = number;
      tag.hidden = !number;
    }
  };

  doc.addEventListener("click", ({ target }) => {
    const chip = target.closest?.("[data-fill]");
    if (!chip) return;
    for (const other of chip.parentElement.children) other.setAttribute("aria-pressed", String(other === chip));
    const box = find("textarea", chip.closest("[data-reason]"));
    box.value = chip.dataset.fill;
    box.focus();
    keep();
  });

  /* The phone rings and another request is opened: what was ticked and typed here stands there again on coming back,
     unless the record or the other parents' wishes changed meanwhile. Kept on this page only, nowhere else. */
  const drafts = new Map();
  const draftKey = (form) => [form.action, ...[...form.querySelectorAll(".sheet [type=hidden]")].map((field) => field.value)].join();
  const keep = () => {
    const form = find("form[data-decisions]");
    if (!form) return;
    drafts.set(draftKey(form), [...new FormData(form)].filter(([name, value]) => value && /^(decision|reason)-/.test(name)));
  };
  const refill = () => {
    const form = find("form[data-decisions]");
    for (const [name, value] of (form && drafts.get(draftKey(form))) ?? []) {
      const box = find(`textarea[name="${name}"]`, form);
      const radio = find(`[name="${name}"][value="${value.replace(/[^\w-]/g, "")}"]`, form);
      if (box) box.value = value;
      else if (radio) radio.checked = true;
    }
  };
  doc.addEventListener("input", keep);
  doc.addEventListener("submit", ({ target }) => { if (target.matches("form[data-decisions]")) drafts.delete(draftKey(target)); });
  doc.addEventListener("change", count);
  doc.addEventListener("htmx:after:swap", () => { dress(); refill(); count(); });

  /* Only with Alt: single letters would fire from speech input. */
  const decide = (value) => {
    const sheets = [...doc.querySelectorAll(".sheet")];
    const sheet = doc.activeElement.closest(".sheet") ?? sheets.find((one) => !find(":checked", one) || find(".field-error", one))
      ?? (sheets.length === 1 ? sheets[0] : null);
    const radio = sheet && find(`input[value="${value}"]`, sheet);
    radio?.click();
    radio?.focus();
  };
  const press = (selector) => find(selector)?.click();
  const keys = {
    ArrowDown: () => press("[data-next]"),
    ArrowUp: () => press("[data-previous]"),
    KeyG: () => decide("approve"),
    KeyA: () => decide("reject"),
    Enter: () => press("[data-finish]"),
    KeyZ: () => press("[data-undo] button"),
    Slash: () => find("dialog[data-shortcuts]")?.showModal(),
  };
  doc.addEventListener("keydown", (event) => {
    const act = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && keys[event.code];
    if (!act || find("[data-shortcuts-off]")) return;
    event.preventDefault();
    act();
  });

  dress();
  count();
})();
