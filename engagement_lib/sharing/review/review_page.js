// What a reviewer does: going through the entries, deciding, signing a source off. After each act a screen reader is told what
// happened, and "saved" only when the kernel has said so.
import { idMaker, keepKeys, make, newId } from "../../coding/page/dom.js";
import { Saving } from "../../coding/page/saving.js";
import { readListKey } from "./review_keys.js";
import { Decision, ReviewBars, ReviewList, leftWords, makeReviewHelp } from "./review_parts.js";

const NO_ANSWER =
  "Not connected: the notebook's kernel does not answer. It may be busy with another cell; if it was stopped, run the cell of this page again.";

class ReviewView {
  constructor(model, element, options) {
    this.model = model;
    this.id = idMaker();
    this.state = null;
    this.makeParts();
    this.saving = new Saving({ send: (message) => model.send(message), told: () => this.showSaving(), newId, storage: tabStorage(), ...options });
    this.receive = (reply) => this.saving.receive(reply);
    model.on("msg:custom", this.receive);
    element.append(this.element);
    this.open("");
  }

  makeParts() {
    const { id } = this;
    const acts = {
      open: (source) => this.open(source),
      undo: () => this.step("undo"),
      redo: () => this.step("redo"),
      undecided: () => this.toUndecided(1),
      sign: () => this.sign(),
      next: () => this.toSource(1),
      help: () => this.help.showModal(),
      again: () => this.saving.again(),
    };
    this.bars = new ReviewBars({ id, acts });
    this.list = new ReviewList({ id, chosen: () => this.decision.show(this.list.item), keyed: (event) => this.keyed(event) });
    this.decision = new Decision({ id, decide: (what) => this.decide(what), leave: () => this.list.focus() });
    this.help = makeReviewHelp(id);
    const entries = make("div", { class: "eng-entries" }, this.list.element, this.list.none);
    this.body = make("div", { class: "eng-body", hidden: true }, entries, make("div", { class: "eng-side" }, this.decision.element));
    const parts = [this.bars.element, this.bars.status, this.bars.trouble, this.body, this.help];
    const attributes = { class: "eng-coding eng-review", role: "region", "aria-labelledby": id("title") };
    this.element = keepKeys(make("section", attributes, make("div", { class: "eng-frame" }, ...parts)));
    this.element.addEventListener("keydown", (event) => event.stopPropagation());
  }

  stop() {
    this.saving.stop();
    this.model.off("msg:custom", this.receive);
  }

  async open(source, focus = Boolean(source)) {
    this.opening = source;
    const state = await this.saving.ask({ kind: "open", source_id: source }, this.saving.within * 2);
    if (state === null) return;
    if (state.kind !== "state") {
      this.bars.warn(`${state.problem} ${state.remedy}`, false);
      return;
    }
    this.opening = null;
    this.bars.title.textContent = `${state.title}: who could be recognised? Reviewing as ${state.reviewer}`;
    this.decision.setKinds(state.kinds, state.known);
    this.body.hidden = false;
    this.take(state, Math.max(0, state.items.findIndex((item) => item.needed && !item.decision)));
    if (focus) {
      this.list.focus();
      this.bars.say(`Source ${state.source_id}, ${leftWords(this.left())}.`);
    }
    this.saveWhatWasLeft(`eng-review:${state.title}:${state.reviewer}`);
  }

  /** Acts that a page before this one could not save are saved now; the same decision twice over is one. */
  async saveWhatWasLeft(key) {
    const left = this.saving.left(key);
    if (!left.length) return;
    await Promise.all(left.map((message) => this.saving.add({ ...message, again: true })));
    await this.open(this.state.source_id, false);
    this.bars.say(`What was not saved before is saved now: ${left.length}.`);
  }

  /** Show what a reply holds; a decision that is not saved yet stays in sight. */
  take(state, at = this.list.at) {
    const same = this.state?.source_id === state.source_id;
    const waiting = same ? this.list.items.filter((item) => item.pending) : [];
    const items = state.items.map((item) => waiting.find((one) => one.start === item.start && one.end === item.end && one.what === item.what) ?? item);
    this.state = { ...this.state, ...state };
    this.list.show(items, at);
    this.decision.show(this.list.item);
    this.bars.showSources(state.sources, state.source_id);
    this.showProgress();
  }

  left() {
    return this.list.items.filter((item) => item.needed && !item.decision).length;
  }

  showProgress() {
    const { sources, source_id: now } = this.state;
    const signed = sources.filter((source) => source.signed_off).length;
    const own = sources.find((source) => source.source_id === now);
    const words = own.signed_off ? `signed off by ${own.reviewer}` : own.reason;
    this.bars.progress.textContent = `This source: ${leftWords(this.left())}, ${words}. Sources: ${signed} of ${sources.length} signed off.`;
  }

  showSaving() {
    const { row, problem, connected, waiting } = this.saving;
    const many = row.length;
    this.bars.saved.textContent = !connected ? "Not connected" : many ? (waiting && !problem ? "Saving …" : `Not saved: ${many}`) : "All saved";
    const kept = many ? ` Not saved yet: ${many}. What you did stays here to be saved again.` : "";
    if (problem) this.bars.warn(`Not saved. ${problem.problem} ${problem.remedy}${kept}`, true);
    else if (!connected) this.bars.warn(`${NO_ANSWER}${kept}`, many > 0);
    else this.bars.warn("", false);
    if (connected && this.opening !== null && this.opening !== undefined && !this.saving.asked.size) this.open(this.opening);
  }

  // Keys

  keyed(event) {
    const act = readListKey(event);
    if (!act) return;
    event.preventDefault();
    const [name, need] = act;
    const handlers = {
      move: () => this.list.choose(this.list.at + need, true),
      undecided: () => this.toUndecided(need),
      identifier: () => this.decide("identifier"),
      none: () => this.decide("not an identifier"),
      toKind: () => this.decision.kind.focus(),
      toSame: () => this.decision.same.focus(),
      everywhere: () => this.turnEverywhere(),
      sign: () => this.sign(),
      source: () => this.toSource(need),
      undo: () => this.step("undo"),
      redo: () => this.step("redo"),
      help: () => this.help.showModal(),
    };
    handlers[name]();
  }

  turnEverywhere() {
    const box = this.decision.everywhere;
    box.checked = !box.checked;
    this.bars.say(box.checked ? "Decisions now hold everywhere in the study." : "Decisions now hold for one place.");
  }

  /** Go to the next entry that is not decided, and from the last one on to the first; whether there is one. */
  toUndecided(direction) {
    const places = this.list.items.map((item, at) => (item.needed && !item.decision ? at : -1)).filter((at) => at >= 0);
    const { at: here } = this.list;
    const next = direction > 0 ? (places.find((at) => at > here) ?? places[0]) : (places.findLast((at) => at < here) ?? places.at(-1));
    if (next !== undefined) this.list.choose(next, true);
    else this.bars.say("Everything in this source is decided.");
    return next !== undefined;
  }

  toSource(direction) {
    const { sources, source_id: now } = this.state;
    const at = sources.findIndex((source) => source.source_id === now);
    const there = direction > 0 ? sources.slice(at + 1) : sources.slice(0, at).reverse();
    const next = direction > 0 ? (there.find((source) => !source.signed_off) ?? there[0]) : there[0];
    if (next) this.open(next.source_id);
    else this.bars.say(direction > 0 ? "This is the last source." : "This is the first source.");
  }

  // Acts

  async decide(decision) {
    const { item } = this.list;
    if (!item) return;
    const of = decision === "not an identifier" ? "" : this.decision.kind.value;
    const same = decision === "same as" ? this.decision.same.value.trim() : "";
    const scope = this.decision.everywhere.checked ? "everywhere" : "here";
    const source = this.state.source_id;
    const made = { ...item, decision, kind_decided: of, same_as: same, reviewer: this.state.reviewer, pending: true };
    this.list.show(this.list.items.map((one) => (one === item ? made : one)));
    if (!this.toUndecided(1)) this.list.focus();
    this.decision.show(this.list.item);
    this.showProgress();
    const message = { kind: "settle", source_id: source, start: item.start, end: item.end, decision, of, same_as: same, scope };
    const reply = await this.saving.add(message, () => this.putBack(made, item));
    this.list.items = this.list.items.map((one) => (one === made ? { ...one, pending: false } : one));
    if (reply.state.source_id === this.state.source_id) this.take(reply.state);
    const what = decision === "identifier" ? of : decision === "same as" ? `same as ${same}` : decision;
    this.bars.say(`“${item.quote}”: ${what}${scope === "everywhere" ? ", everywhere" : ""}, saved. ${leftWords(this.left())}.`);
  }

  /** Show an entry as it was before a decision that was never saved. */
  putBack(made, item) {
    this.list.show(this.list.items.map((one) => (one === made ? item : one)));
    this.decision.show(this.list.item);
    this.showProgress();
  }

  async sign() {
    const left = this.left();
    if (left) {
      this.bars.say(`Not signed off: ${leftWords(left)}.`);
      return;
    }
    const source = this.state.source_id;
    const reply = await this.saving.add({ kind: "finish", source_id: source });
    if (reply.state.source_id === this.state.source_id) this.take(reply.state);
    this.bars.say(reply.kind === "nothing" ? `Not signed off: ${leftWords(reply.left)}.` : `Source ${source} signed off, saved`);
  }

  async step(kind) {
    if (kind === "undo" && this.saving.takeBack()) {
      this.bars.say("Undone; it had not been saved.");
      return;
    }
    const reply = await this.saving.add({ kind });
    if (reply.kind === "nothing") {
      this.bars.say(kind === "undo" ? "Nothing to undo." : "Nothing to redo.");
      return;
    }
    this.take(reply.state);
    this.bars.say(`${kind === "undo" ? "Undone" : "Done again"}: ${reply.undone}, saved`);
  }
}

/** The tab's own store, null where the browser keeps none for this page. */
function tabStorage() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

function render({ model, el, options = {} }) {
  const view = new ReviewView(model, el, options);
  return () => view.stop();
}

export default { render };
