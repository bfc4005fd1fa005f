// The passage: what the coder has coded on it, with stance and memo, each of which can be changed or withdrawn.
import { fill, make } from "./dom.js";

const STANCES = ["supports", "qualifies", "contradicts"];

export class PassagePanel {
  constructor({ id, stance, withdraw, memo, leave }) {
    Object.assign(this, { id, stance, withdraw, memo, leave, writing: null });
    this.title = make("h3", { id: id("passage-title") }, "On this passage");
    this.body = make("div");
    this.form = make("div", { class: "eng-memo", hidden: true });
    this.add = make("button", { type: "button", onclick: () => this.write(null) }, "Write a memo on the passage");
    this.element = make("section", { "aria-labelledby": id("passage-title") }, this.title, this.body, this.add, this.form);
  }

  /** Show the codings and memos of the passage; `place` says in words where a coding stands. */
  show(codings, memos, place) {
    this.where = place;
    const items = codings.map((coding, at) => this.item(coding, memos.get(coding.coding_id) ?? [], at));
    const notes = (memos.get("passage") ?? []).map((words) => make("p", { class: "eng-note-text", dir: "auto" }, `Memo: ${words}`));
    const none = make("p", { class: "eng-note" }, "Not coded yet.");
    fill(this.body, items.length ? make("ul", { class: "eng-items" }, ...items) : none, ...notes);
  }

  item(coding, memos, at) {
    const name = `${coding.code} on ${this.where(coding)}`;
    const choice = this.id(`stance-${at}`);
    const select = make(
      "select",
      { id: choice, "aria-label": `Stance of ${name}`, onchange: () => this.stance(coding, select.value) },
      ...STANCES.map((stance) => make("option", { value: stance, selected: stance === coding.stance }, stance)),
    );
    const notes = [coding.memo, ...memos].filter(Boolean);
    return make(
      "li",
      {},
      make("p", {}, make("span", { class: "eng-code" }, coding.code), ` on ${this.where(coding)}`, coding.pending ? " – not saved yet" : ""),
      make(
        "div",
        { class: "eng-row" },
        select,
        make("button", { type: "button", "aria-label": `Memo on ${name}`, onclick: () => this.write(coding) }, "Memo"),
        make("button", { type: "button", "aria-label": `Withdraw ${name}`, onclick: () => this.withdraw(coding) }, "Withdraw"),
      ),
      ...notes.map((words) => make("p", { class: "eng-note-text", dir: "auto" }, `Memo: ${words}`)),
    );
  }

  /** Open the field for a memo on a coding, or on the passage itself. */
  write(coding, words = "") {
    const field = make("textarea", {
      id: this.id("memo"),
      rows: "3",
      dir: "auto",
      onkeydown: (event) => {
        if (event.key === "Escape") this.close();
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.done();
        else return;
        event.preventDefault();
      },
    });
    field.value = words;
    this.writing = { coding, field };
    fill(
      this.form,
      make("label", { for: this.id("memo") }, `Memo on ${coding ? coding.code : "the passage"}`),
      field,
      make("p", { class: "eng-note" }, "Ctrl + Enter saves, Escape closes."),
      make(
        "div",
        { class: "eng-row" },
        make("button", { type: "button", onclick: () => this.done() }, "Save the memo"),
        make("button", { type: "button", onclick: () => this.close() }, "Close"),
      ),
    );
    this.form.hidden = false;
    field.focus();
  }

  done() {
    const { coding, field } = this.writing;
    if (field.value.trim()) this.memo(coding, field.value);
    this.close();
  }

  close() {
    this.writing = null;
    fill(this.form);
    this.form.hidden = true;
    this.leave();
  }
}
