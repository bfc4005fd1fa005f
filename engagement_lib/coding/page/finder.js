// The finder: a code is found by typing, with its rules in sight, and given to the passage with Enter.
import { fill, make } from "./dom.js";

const NO_CODE = "No code has these words. Escape goes back.";

export class Finder {
  constructor({ id, give, leave, say }) {
    Object.assign(this, { id, give, leave, say, codes: [], recent: [], found: [], at: 0 });
    this.input = make("input", {
      id: id("find"),
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": "true",
      "aria-autocomplete": "list",
      "aria-controls": id("codes"),
      "aria-describedby": id("target"),
      oninput: () => this.look(),
      onkeydown: (event) => this.keyed(event),
    });
    this.target = make("p", { id: id("target"), class: "eng-target" });
    this.list = make("ul", { id: id("codes"), role: "listbox", class: "eng-codes", "aria-label": "Codes" });
    this.none = make("p", { class: "eng-note", hidden: true }, NO_CODE);
    this.rules = make("div", { id: id("rules"), class: "eng-rules" });
    this.element = make(
      "section",
      { class: "eng-finder", "aria-labelledby": id("find-title") },
      make("h3", { id: id("find-title") }, "Code the passage"),
      this.target,
      make("label", { for: id("find") }, "Find a code"),
      this.input,
      this.list,
      this.none,
      this.rules,
    );
  }

  show(codes, recent) {
    if (codes === this.codes && recent === this.recent) return;
    Object.assign(this, { codes, recent });
    this.look();
  }

  setTarget(words) {
    this.target.textContent = words;
  }

  /** Begin with what was typed in the transcript. */
  open(typed) {
    this.input.value = typed;
    this.look();
    this.input.focus();
    this.input.setSelectionRange(typed.length, typed.length);
  }

  look() {
    const wanted = this.input.value.trim().toLocaleLowerCase("en");
    const order = new Map(this.recent.map((code, at) => [code, at]));
    const ranked = this.codes
      .map((code, at) => ({ code, rank: rankCode(code, wanted), at: order.has(code.code) ? order.get(code.code) - 99 : at }))
      .filter(({ rank }) => rank < 9);
    ranked.sort((one, other) => one.rank - other.rank || one.at - other.at);
    this.found = ranked.map(({ code }) => code);
    this.none.hidden = this.found.length > 0;
    if (!this.found.length && wanted) this.say(NO_CODE);
    fill(this.list, ...this.found.map((code, at) => this.option(code, at)));
    this.choose(0, document.activeElement === this.input);
  }

  option(code, at) {
    const digit = this.recent.indexOf(code.code) + 1;
    return make(
      "li",
      {
        id: this.id(`code-${at}`),
        role: "option",
        "aria-selected": "false",
        "aria-describedby": this.id("rules"),
        onmousemove: () => this.at !== at && this.choose(at),
        onclick: () => this.give(code.code),
      },
      make("span", { class: "eng-code" }, code.code),
      digit ? make("kbd", {}, make("span", { class: "eng-unseen" }, ", key "), String(digit)) : "",
    );
  }

  choose(at, reveal = true) {
    const options = this.list.children;
    options[this.at]?.setAttribute("aria-selected", "false");
    this.at = Math.max(0, Math.min(at, this.found.length - 1));
    const code = this.found[this.at];
    this.showRules(code);
    if (!code) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    options[this.at].setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", options[this.at].id);
    if (!reveal) return;
    const [frame, box] = [this.list.getBoundingClientRect(), options[this.at].getBoundingClientRect()];
    if (box.top < frame.top) this.list.scrollTop -= frame.top - box.top;
    else if (box.bottom > frame.bottom) this.list.scrollTop += box.bottom - frame.bottom;
  }

  showRules(code) {
    if (!code) {
      fill(this.rules);
      return;
    }
    const rules = [
      ["Definition", code.definition],
      ["Include", code.include],
      ["Exclude", code.exclude],
      ["Example", code.example && `“${code.example}”`],
      ["Counts against", code.counter_evidence],
      ["Under", code.parent],
    ].filter(([, words]) => words);
    const said = rules.flatMap(([name, words]) => [make("dt", {}, name), make("dd", { dir: "auto" }, words)]);
    const list = said.length ? make("dl", {}, ...said) : make("p", { class: "eng-note" }, "The codebook says nothing of this code.");
    fill(this.rules, make("h4", {}, code.code), list);
  }

  keyed(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };
    if (event.key in steps) this.choose(this.at + steps[event.key]);
    else if (event.key === "Enter" && !event.isComposing) {
      if (this.found.length) this.give(this.found[this.at].code);
    } else if (event.key === "Escape") {
      this.clear();
      this.leave();
    } else return;
    event.preventDefault();
  }

  clear() {
    if (!this.input.value && this.at === 0) return;
    this.input.value = "";
    this.look();
  }
}

/** How well a code fits what was typed: 0 best, 9 not at all. */
function rankCode(code, wanted) {
  const name = code.code.toLocaleLowerCase("en");
  if (!wanted || name.startsWith(wanted)) return 0;
  const words = wanted.split(/[\s-]+/).filter(Boolean);
  const begins = (text, word) => text.split(/[^\p{L}\p{N}]+/u).some((one) => one.startsWith(word));
  if (words.every((word) => begins(name, word))) return 1;
  if (name.includes(wanted)) return 2;
  const rules = `${name} ${code.definition} ${code.include}`.toLocaleLowerCase("en");
  return words.every((word) => begins(rules, word)) ? 3 : 9;
}
