// Comparing: where two coders differ in a source, side by side, and what becomes of it in the consensus.
import { fill, make, plural, shorten } from "./dom.js";

export class ComparePanel {
  constructor({ id, keep, leaveOut, agree, goTo }) {
    Object.assign(this, { id, keep, leaveOut, agree, goTo });
    this.body = make("div");
    this.element = make(
      "section",
      { class: "eng-compare", hidden: true, "aria-labelledby": id("compare-title") },
      make("h3", { id: id("compare-title"), tabindex: "-1" }, "Where they differ"),
      this.body,
    );
  }

  show(compare, text) {
    this.element.hidden = !compare;
    if (!compare) return;
    if (compare.waiting.length) {
      const who = compare.waiting.join(" and ");
      const words = `${who} ${compare.waiting.length > 1 ? "have" : "has"} not finished this source, so that it is not compared yet.`;
      fill(this.body, make("p", { class: "eng-note" }, words));
      return;
    }
    const open = compare.differences.filter((row) => !row.settled).length;
    const parts = [make("p", {}, `${plural(compare.differences.length, "difference")}, ${open} to be settled.`)];
    if (compare.agreed.length) {
      const words = `Take what both gave into the consensus (${compare.agreed.length})`;
      parts.push(make("button", { type: "button", onclick: () => this.agree() }, words));
    }
    parts.push(make("ol", { class: "eng-differences" }, ...compare.differences.map((row, at) => this.card(row, at, compare.pair, text))));
    fill(this.body, ...parts);
  }

  card(row, at, pair, text) {
    const name = `${row.code} on ${text.describe(row)}`;
    const gave = new Set(row.coders_with.split(", "));
    const sides = pair.map((coder) =>
      make("div", {}, make("span", { class: "eng-coder" }, coder), make("span", {}, gave.has(coder) ? "gave it" : "did not")),
    );
    const button = (words, act) =>
      make("button", { type: "button", "data-difference": at, "aria-label": `${words}: ${name}`, onclick: act }, words);
    const settled = row.settled ? make("p", { class: "eng-settled" }, `Settled: ${row.settled}`) : null;
    const acts = [button("Keep", () => this.keep(row, at)), button("Leave out", () => this.leaveOut(row, at))];
    return make(
      "li",
      {},
      make("p", {}, make("span", { class: "eng-code" }, row.code), ` on ${text.describe(row)}`),
      make("p", { class: "eng-quote", dir: "auto" }, shorten(text.slice(row), 160)),
      make("div", { class: "eng-sides" }, ...sides),
      row.memos ? make("p", { class: "eng-note-text", dir: "auto" }, row.memos) : null,
      settled,
      make("div", { class: "eng-row" }, ...(settled ? [] : acts), button("Go there", () => this.goTo(row))),
    );
  }

  /** Put the keyboard on the next difference that is not settled. */
  focusAfter(at) {
    const buttons = [...this.body.querySelectorAll("[data-difference]")].filter((one) => one.textContent === "Keep");
    const next = buttons.find((one) => Number(one.dataset.difference) > at) ?? buttons[0];
    (next ?? this.element.querySelector("h3")).focus();
  }
}
