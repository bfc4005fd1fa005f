// The bars: who codes what and how far they are, the buttons, the search, what was done last, and the key map.
import { fill, make, plural } from "./dom.js";
import { KEYS } from "./keys.js";

export class Bars {
  constructor({ id, acts }) {
    this.id = id;
    this.title = make("h2", { class: "eng-title", id: id("title") }, "Coding");
    this.progress = make("p", { class: "eng-progress" });
    this.saved = make("p", { class: "eng-saved" });
    this.source = make("select", { id: id("source"), onchange: () => acts.open(this.source.value) });
    this.buttons = make(
      "div",
      { class: "eng-buttons", role: "group", "aria-label": "Acts" },
      ...[
        ["Undo", acts.undo],
        ["Redo", acts.redo],
        ["Search", acts.search],
        ["Next uncoded", acts.uncoded],
        ["Finish source", acts.finish],
        ["Next source", acts.next],
        ["Keys ?", acts.help],
      ].map(([words, act]) => make("button", { type: "button", onclick: act }, words)),
    );
    const pick = make("div", { class: "eng-pick" }, make("label", { for: id("source") }, "Source"), this.source);
    const facts = make("div", { class: "eng-facts" }, pick, this.progress, this.saved);
    this.element = make("header", { class: "eng-bars", role: "none" }, this.title, facts, this.buttons);
    this.status = make("p", { class: "eng-status", role: "status" }, "? shows the keys of the transcript.");
    this.alert = make("div", { role: "alert" });
    this.again = make("button", { type: "button", onclick: acts.again }, "Save again");
    this.trouble = make("div", { class: "eng-trouble", hidden: true }, this.alert, this.again);
  }

  showSources(sources, now) {
    if (this.named?.length !== sources.length) {
      this.named = sources.map(() => "");
      fill(this.source, ...sources.map((source) => make("option", { value: source.source_id })));
    }
    sources.forEach((source, at) => {
      const words = source.source_id + (source.finished ? " – finished" : source.codings ? ` – ${plural(source.codings, "coding")}` : "");
      if (this.named[at] !== words) this.source.options[at].textContent = this.named[at] = words;
    });
    this.source.value = now;
  }

  say(words) {
    // The same words twice over are read only when the text changes in between.
    this.status.textContent = words === this.status.textContent ? `${words}\u00a0` : words;
  }

  /** Say that something is not saved, or that the kernel does not answer; "" where all is well. */
  warn(words, canSave) {
    this.trouble.hidden = !words;
    this.again.hidden = !canSave;
    if (this.alert.textContent !== words) this.alert.textContent = words;
  }
}

export class SearchBar {
  constructor({ id, go, leave }) {
    Object.assign(this, { go, leave, hits: [], at: -1 });
    this.input = make("input", {
      id: id("search"),
      type: "search",
      autocomplete: "off",
      oninput: () => this.look(),
      onkeydown: (event) => this.keyed(event),
    });
    this.count = make("span", { class: "eng-count", role: "status" });
    const button = (words, step) => make("button", { type: "button", onclick: () => this.step(step) }, words);
    this.element = make(
      "div",
      { class: "eng-search", role: "search", hidden: true },
      make("label", { for: id("search") }, "Search in the text"),
      this.input,
      button("Next", 1),
      button("Previous", -1),
      make("button", { type: "button", onclick: () => this.close() }, "Close"),
      this.count,
    );
  }

  open(text) {
    this.text = text;
    this.element.hidden = false;
    this.input.focus();
    this.input.select();
    this.look();
  }

  look() {
    const words = this.input.value.trim().split(/\s+/).filter(Boolean);
    this.hits = [];
    this.at = -1;
    if (words.length) {
      const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("\\s+");
      for (const hit of this.text.text.matchAll(new RegExp(pattern, "giu"))) {
        const range = { start: hit.index, end: hit.index + hit[0].length };
        if (this.text.turns.some((turn) => turn.start <= range.start && turn.end >= range.end)) this.hits.push(range);
      }
    }
    this.count.textContent = words.length ? plural(this.hits.length, "place") : "";
  }

  step(direction) {
    if (!this.hits.length) return;
    const many = this.hits.length;
    this.at = this.at < 0 ? (direction > 0 ? 0 : many - 1) : (this.at + direction + many) % many;
    const hit = this.hits[this.at];
    this.go(hit);
    this.count.textContent = `${this.at + 1} of ${many}, in ${this.text.describe(this.text.unitAt("sentence", hit.start))}: ${this.text
      .slice(this.text.unitAt("sentence", hit.start))
      .slice(0, 160)}`;
  }

  keyed(event) {
    if (event.key === "Enter") this.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  close() {
    this.element.hidden = true;
    this.leave();
  }
}

/** The key map, in a dialogue that Escape closes. */
export function makeHelp(id) {
  const parts = KEYS.flatMap(({ heading, keys }) => [
    make("h3", {}, heading),
    make("dl", { class: "eng-keys" }, ...keys.flatMap(([key, words]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, words)])),
  ]);
  const dialog = make("dialog", { class: "eng-help", "aria-labelledby": id("help-title") });
  const close = make("button", { type: "button", onclick: () => dialog.close() }, "Close");
  const note = "These keys work in the transcript. On a Mac, Command stands for Ctrl.";
  const body = make("div", { class: "eng-help-text", tabindex: "0", role: "region", "aria-labelledby": id("help-title") });
  body.append(make("p", { class: "eng-note" }, note), ...parts);
  dialog.append(make("h2", { id: id("help-title") }, "Keys"), body, close);
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  return dialog;
}
