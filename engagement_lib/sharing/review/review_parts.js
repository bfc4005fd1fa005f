// The parts of the review: the bars above, the list of entries, and the decision about one of them.
import { fill, make, plural } from "../../coding/page/dom.js";
import { REVIEW_KEYS } from "./review_keys.js";

const WHAT = {
  finding: "found",
  capital: "passed over: a capital",
  number: "passed over: a number",
  cue: "passed over: after a cue",
  "name in small letters": "passed over: a name in small letters",
};

/** What was decided of an entry, in words. */
export function decidedWords(item) {
  if (!item.decision) return item.needed ? "not decided" : item.what === "finding" ? "taken as found" : "left as it is";
  const by = item.pending ? "not saved yet" : `by ${item.reviewer}`;
  if (item.decision === "same as") return `same as ${item.same_as}, ${by}`;
  return `${item.decision === "identifier" ? item.kind_decided : item.decision}, ${by}`;
}

export class ReviewBars {
  constructor({ id, acts }) {
    this.title = make("h2", { class: "eng-title", id: id("title") }, "Who could be recognised?");
    this.progress = make("p", { class: "eng-progress" });
    this.saved = make("p", { class: "eng-saved" });
    this.source = make("select", { id: id("source"), onchange: () => acts.open(this.source.value) });
    const pick = make("div", { class: "eng-pick" }, make("label", { for: id("source") }, "Source"), this.source);
    const buttons = [
      ["Undo", acts.undo],
      ["Redo", acts.redo],
      ["Next undecided", acts.undecided],
      ["Sign source off", acts.sign],
      ["Next source", acts.next],
      ["Keys ?", acts.help],
    ].map(([words, act]) => make("button", { type: "button", onclick: act }, words));
    const facts = make("div", { class: "eng-facts" }, pick, this.progress, this.saved);
    const group = make("div", { class: "eng-buttons", role: "group", "aria-label": "Acts" }, ...buttons);
    this.element = make("header", { class: "eng-bars", role: "none" }, this.title, facts, group);
    this.status = make("p", { class: "eng-status", role: "status" });
    this.alert = make("div", { role: "alert" });
    this.again = make("button", { type: "button", onclick: acts.again }, "Save again");
    this.trouble = make("div", { class: "eng-trouble", hidden: true }, this.alert, this.again);
  }

  showSources(sources, now) {
    const words = (source) => `${source.source_id} – ${source.signed_off ? "signed off" : source.left ? `${source.left} to decide` : "not signed off"}`;
    fill(this.source, ...sources.map((source) => make("option", { value: source.source_id }, words(source))));
    this.source.value = now;
  }

  say(words) {
    // The same words twice over are read only when the text changes in between.
    this.status.textContent = words === this.status.textContent ? `${words}\u00a0` : words;
  }

  warn(words, canSave) {
    this.trouble.hidden = !words;
    this.again.hidden = !canSave;
    if (this.alert.textContent !== words) this.alert.textContent = words;
  }
}

export class ReviewList {
  constructor({ id, chosen, keyed }) {
    Object.assign(this, { id, chosen, items: [], at: 0 });
    this.element = make("ul", { class: "eng-review-list", role: "listbox", "aria-label": "Entries", onkeydown: keyed });
    this.none = make("p", { class: "eng-note", hidden: true }, "Nothing in this source looks like an identifier. Read it, and sign it off.");
  }

  get item() {
    return this.items[this.at] ?? null;
  }

  get hasFocus() {
    return this.element.contains(document.activeElement);
  }

  show(items, at = this.at) {
    const focused = this.hasFocus;
    this.items = items;
    this.at = Math.max(0, Math.min(at, items.length - 1));
    fill(this.element, ...items.map((item, place) => this.option(item, place)));
    this.element.hidden = !items.length;
    this.none.hidden = items.length > 0;
    if (focused) this.focus();
  }

  option(item, place) {
    return make(
      "li",
      {
        id: this.id(`entry-${place}`),
        role: "option",
        class: item.decision ? "eng-decided" : null,
        tabindex: place === this.at ? "0" : "-1",
        "aria-selected": String(place === this.at),
        "aria-describedby": this.id("context"),
        onclick: () => this.choose(place, true),
      },
      make("span", { class: "eng-code", dir: "auto" }, `“${item.quote}”`),
      make("span", { class: "eng-about" }, ` ${item.kind}, ${WHAT[item.what]}: ${item.rule}. `),
      make("span", { class: "eng-state" }, decidedWords(item)),
    );
  }

  choose(at, focus = false) {
    const options = this.element.children;
    options[this.at]?.setAttribute("aria-selected", "false");
    options[this.at]?.setAttribute("tabindex", "-1");
    this.at = Math.max(0, Math.min(at, this.items.length - 1));
    options[this.at]?.setAttribute("aria-selected", "true");
    options[this.at]?.setAttribute("tabindex", "0");
    // What is around the entry is read with it, and so must be there before it has the focus.
    this.chosen();
    if (focus) this.focus();
  }

  focus() {
    this.element.children[this.at]?.focus();
  }
}

export class Decision {
  constructor({ id, decide, leave }) {
    Object.assign(this, { decide, leave });
    this.context = make("p", { id: id("context"), class: "eng-quote", dir: "auto" });
    this.kind = make("select", { id: id("kind") });
    this.everywhere = make("input", { id: id("everywhere"), type: "checkbox" });
    this.same = make("input", { id: id("same"), type: "text", list: id("known"), autocomplete: "off", spellcheck: "false" });
    this.same.addEventListener("keydown", (event) => event.key === "Enter" && !event.isComposing && this.sayEqual());
    this.known = make("datalist", { id: id("known") });
    const button = (words, act) => make("button", { type: "button", onclick: act }, words);
    this.element = make(
      "section",
      { class: "eng-decision", "aria-labelledby": id("decision"), onkeydown: (event) => event.key === "Escape" && leave() },
      make("h3", { id: id("decision") }, "Decide"),
      this.context,
      make("div", { class: "eng-field" }, make("label", { for: id("kind") }, "Kind"), this.kind),
      make("div", { class: "eng-check" }, this.everywhere, make("label", { for: id("everywhere") }, "Everywhere in the study")),
      make(
        "div",
        { class: "eng-row" },
        button("Identifier", () => decide("identifier")),
        button("Not an identifier", () => decide("not an identifier")),
      ),
      make("div", { class: "eng-field" }, make("label", { for: id("same") }, "Same as"), this.same, this.known),
      make("div", { class: "eng-row" }, button("Same as this", () => this.sayEqual())),
    );
  }

  sayEqual() {
    if (this.same.value.trim()) this.decide("same as");
    else this.same.focus();
  }

  setKinds(kinds, known) {
    fill(this.kind, ...kinds.map((kind) => make("option", { value: kind }, kind)));
    fill(this.known, ...known.map((name) => make("option", { value: name })));
  }

  show(item) {
    this.element.hidden = !item;
    if (!item) return;
    fill(this.context, `… ${item.before}`, make("mark", {}, item.quote), `${item.after} …`);
    this.kind.value = item.kind_decided || item.kind;
    this.same.value = item.same_as;
  }
}

/** How many entries of a source are left, in words. */
export function leftWords(many) {
  return many ? `${plural(many, "entry", "entries")} not decided` : "everything is decided";
}

export function makeReviewHelp(id) {
  const dialog = make("dialog", { class: "eng-help", "aria-labelledby": id("help-title") });
  const close = make("button", { type: "button", onclick: () => dialog.close() }, "Close");
  const body = make("div", { class: "eng-help-text", tabindex: "0", role: "region", "aria-labelledby": id("help-title") });
  const rows = REVIEW_KEYS.flatMap(([key, words]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, words)]);
  body.append(make("p", { class: "eng-note" }, "These keys work in the list. On a Mac, Command stands for Ctrl."), make("dl", { class: "eng-keys" }, ...rows));
  dialog.append(make("h2", { id: id("help-title") }, "Keys"), body, close);
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  return dialog;
}
