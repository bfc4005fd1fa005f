// The page: joins the transcript, the codes and the saving of acts, and tells a screen reader after each act what happened.
import { idMaker, make, newId } from "./dom.js";
import { Selection, SourceText } from "./passages.js";
import { touches } from "./marks.js";
import { Saving } from "./saving.js";
import { readKey } from "./keys.js";
import { Transcript, codedWords } from "./transcript.js";
import { Finder } from "./finder.js";
import { PassagePanel } from "./passage_panel.js";
import { ComparePanel } from "./compare.js";
import { Bars, SearchBar, makeHelp } from "./bars.js";

const GONE =
  "Not connected: the notebook's kernel does not answer. It may be busy with another cell; if it was stopped, run the cell of this page again.";

class CodingView {
  constructor(model, element, options) {
    this.model = model;
    this.id = idMaker();
    this.text = null;
    this.codings = [];
    this.memos = [];
    this.recent = [];
    this.makeParts();
    this.saving = new Saving({
      send: (message) => model.send(message),
      told: () => this.showSaving(),
      newId,
      storage: tabStore(),
      ...options,
    });
    this.receive = (reply) => this.saving.receive(reply);
    model.on("msg:custom", this.receive);
    element.append(this.element);
    this.open("");
  }

  makeParts() {
    const { id } = this;
    const leave = () => this.toText();
    this.transcript = new Transcript({ id, selected: () => this.showPassage(), keyed: (event) => this.keyed(event) });
    this.finder = new Finder({ id, leave, give: (code) => this.give(code) });
    this.passage = new PassagePanel({
      id,
      leave,
      stance: (coding, stance) => this.giveStance(coding, stance),
      withdraw: (coding) => this.withdraw(coding),
      memo: (coding, words) => this.writeMemo(coding, words),
    });
    this.compare = new ComparePanel({
      id,
      keep: (row, at) => this.settle(row, at, true),
      leaveOut: (row, at) => this.settle(row, at, false),
      agree: () => this.agree(),
      goTo: (row) => this.goTo(row),
    });
    const acts = {
      open: (source) => this.open(source),
      undo: () => this.step("undo"),
      redo: () => this.step("redo"),
      search: () => this.search.open(this.text),
      uncoded: () => this.toUncoded(1),
      finish: () => this.finish(),
      next: () => this.toSource(1),
      help: () => this.help.showModal(),
      again: () => this.saving.again(),
    };
    this.bars = new Bars({ id, acts });
    this.search = new SearchBar({ id, leave, go: (range) => this.show(range, "word") });
    this.help = makeHelp(id);
    this.question = make("p", { class: "eng-question", hidden: true });
    const side = make("div", { class: "eng-side" }, this.compare.element, this.finder.element, this.passage.element);
    this.body = make("div", { class: "eng-body", hidden: true }, this.transcript.element, side);
    const parts = [this.bars.element, this.bars.status, this.bars.trouble, this.search.element, this.question, this.body, this.help];
    const frame = make("div", { class: "eng-frame" }, ...parts);
    // JupyterLab has keys of its own for one letter ("d d" deletes the cell), which must not act while somebody codes.
    const attributes = { class: "eng-coding", role: "region", "aria-labelledby": id("title"), "data-lm-suppress-shortcuts": "true" };
    this.element = make("section", attributes, frame);
  }

  stop() {
    this.saving.stop();
    this.model.off("msg:custom", this.receive);
  }

  // What comes in

  async open(source, focus = Boolean(source)) {
    this.opening = source;
    const state = await this.saving.ask({ kind: "open", source_id: source });
    if (state === null) return;
    if (state.kind !== "state") {
      this.bars.warn(`${state.problem} ${state.remedy}`, false);
      return;
    }
    this.opening = null;
    this.state = state;
    this.pair = state.compare?.pair ?? null;
    this.text = new SourceText(state.source);
    this.selection = new Selection(this.text);
    this.recent = state.recent;
    this.transcript.show(this.text, this.selection, this.pair ? [...this.pair, state.coder] : []);
    this.finder.show(state.codes, this.recent);
    this.search.text = this.text;
    this.question.hidden = !this.text.question;
    this.question.textContent = `Question: ${this.text.question}`;
    this.bars.title.textContent = this.pair
      ? `${state.title}: ${this.pair.join(" and ")} compared, consensus`
      : `${state.title}: coding as ${state.coder}`;
    this.body.hidden = false;
    this.take(state);
    if (focus) {
      this.transcript.focus();
      this.bars.say(`Source ${this.text.id}, ${this.text.summary()}.`);
    }
    this.saveWhatWasLeft(`eng-coding:${state.title}:${state.coder}`);
  }

  /** Acts that a page before this one could not save are saved now; what they add stands there once, however often they come. */
  async saveWhatWasLeft(key) {
    const left = this.saving.left(key);
    if (!left.length) return;
    this.bars.say(`Saving what was not saved before: ${left.length}.`);
    await Promise.all(left.map((message) => this.saving.add({ ...message, again: true })));
    await this.open(this.text.id, false);
    this.bars.say(`What was not saved before is saved now: ${left.length}.`);
  }

  /** Show the codings, memos and sources of a reply; acts that are not saved yet stay in sight. */
  take(state) {
    const units = (one) => ({ ...one, start: this.text.positions.toUnits(one.start), end: this.text.positions.toUnits(one.end) });
    this.codings = [...state.codings.map(units), ...this.codings.filter((one) => one.pending && one.source_id === this.text.id)];
    this.memos = state.memos;
    this.sources = state.sources;
    if (state.compare) {
      const { compare } = state;
      this.compared = { ...compare, codings: compare.codings.map(units), differences: compare.differences.map(units) };
      this.compare.show(this.compared, this.text);
    }
    this.showCodings();
  }

  get allCodings() {
    return this.pair ? [...(this.compared?.codings ?? []), ...this.codings] : this.codings;
  }

  // What is shown

  showCodings() {
    this.transcript.draw(this.allCodings);
    this.showPassage();
    this.showProgress();
  }

  showPassage() {
    const range = this.selection.range;
    this.transcript.drawSelection();
    const place = this.text.describe(range);
    this.finder.setTarget(`${place[0].toUpperCase()}${place.slice(1)}: ${this.quoted(range)}`);
    this.passage.show(this.onPassage(), this.memosOnPassage(range), (coding) => this.text.describe(coding));
    const sentence = this.selection.sentence;
    const where = this.text.describe(sentence);
    this.transcript.describe(`${where}, ${codedWords(this.named(), sentence)}`);
  }

  quoted(range) {
    const words = this.text.slice(range).replace(/\s+/g, " ");
    return words.length > 140 ? `“${words.slice(0, 70).replace(/[\ud800-\udbff]$/, "")} … ${words.slice(-60).replace(/^[\udc00-\udfff]/, "")}”` : `“${words}”`;
  }

  named() {
    return this.pair ? this.allCodings.map((coding) => ({ ...coding, shownCoder: coding.coder })) : this.codings;
  }

  /** The coder's codings that touch the passage: those on just this passage first, then the shortest. */
  onPassage() {
    const range = this.selection.range;
    const off = (coding) => Math.abs(coding.start - range.start) + Math.abs(coding.end - range.end);
    const there = this.codings.filter((coding) => touches(coding, range));
    const newest = new Map(this.codings.map((coding, at) => [coding, at]));
    return there.sort((one, other) => off(one) - off(other) || newest.get(other) - newest.get(one));
  }

  memosOnPassage(range) {
    const found = new Map();
    const add = (key, words) => found.set(key, [...(found.get(key) ?? []), words]);
    for (const memo of this.memos) {
      if (memo.about_type === "coding") add(memo.about_id, memo.text);
      else if (memo.about_type === "passage") {
        const place = /:(\d+)-(\d+)$/.exec(memo.about_id);
        if (place && touches(this.toUnits(Number(place[1]), Number(place[2])), range)) add("passage", memo.text);
      }
    }
    return found;
  }

  toUnits(start, end) {
    return { start: this.text.positions.toUnits(start), end: this.text.positions.toUnits(end) };
  }

  toPoints(range) {
    return { start: this.text.positions.toPoints(range.start), end: this.text.positions.toPoints(range.end) };
  }

  showProgress() {
    const sentences = this.text.sentences.filter((sentence) => this.text.turns[sentence.turn].evidence);
    const coded = sentences.filter((sentence) => this.codings.some((coding) => touches(coding, sentence))).length;
    const finished = this.sources.filter((source) => source.finished).length;
    const state = this.sources.find((source) => source.source_id === this.text.id)?.finished ? "finished" : "not finished";
    this.bars.progress.textContent = `This source: ${coded} of ${sentences.length} sentences coded, ${state}. Sources: ${finished} of ${this.sources.length} finished.`;
    this.bars.showSources(this.sources, this.text.id);
  }

  showSaving() {
    const { row, problem, connected, waiting } = this.saving;
    const many = row.length;
    this.bars.saved.textContent = !connected ? "Not connected" : many ? (waiting && !problem ? "Saving …" : `Not saved: ${many}`) : "All saved";
    const kept = many ? ` Not saved yet: ${many}. What you did stays here to be saved again.` : "";
    if (problem) this.bars.warn(`Not saved. ${problem.problem} ${problem.remedy}${kept}`, true);
    else if (!connected) this.bars.warn(`${GONE}${kept}`, many > 0);
    else this.bars.warn("", false);
    if (connected && this.opening !== null && this.opening !== undefined && !this.saving.asked.size) this.open(this.opening);
  }

  // Moving and selecting

  keyed(event) {
    const act = readKey(event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    const [name, ...needs] = act;
    this.handlers[name].apply(this, needs);
  }

  get handlers() {
    return {
      move: (level, direction, extend) => this.moved(this.selection.move(level, direction, extend), direction),
      toEnd: (direction, extend) => this.moved(this.selection.toEnd(direction, extend) ?? true, direction),
      resize: (direction) => this.selection.resize(direction) && this.moved(true, direction),
      narrow: () => this.show(this.selection.sentence, "sentence"),
      all: () => this.show(this.text.unitAt("source", 0), "source"),
      find: (typed) => this.finder.open(typed),
      recent: (digit) => this.giveRecent(digit),
      stance: (stance) => this.withFirst((coding) => this.giveStance(coding, stance)),
      withdraw: () => this.withFirst((coding) => this.withdraw(coding)),
      memo: () => this.passage.write(this.onPassage()[0] ?? null),
      uncoded: (direction) => this.toUncoded(direction),
      source: (direction) => this.toSource(direction),
      search: () => this.search.open(this.text),
      undo: () => this.step("undo"),
      redo: () => this.step("redo"),
      finish: () => this.finish(),
      help: () => this.help.showModal(),
    };
  }

  /** Show where a move led; what is read is the sentence where the keyboard went there, and else the words selected. */
  moved(done, direction) {
    if (!done) {
      this.bars.say(direction > 0 ? "This is the end of the source." : "This is the beginning of the source.");
      return;
    }
    this.showPassage();
    const before = document.activeElement;
    this.transcript.focus();
    const { range, sentence } = this.selection;
    const alone = range.start === sentence.start && range.end === sentence.end;
    if (!alone || before === document.activeElement) this.saySelection();
  }

  saySelection() {
    const { range } = this.selection;
    const place = this.text.describe(range);
    const words = place.startsWith("“") ? place : `${place} selected`;
    this.bars.say(`${words}, ${codedWords(this.named(), range)}`);
  }

  show(range, level) {
    this.selection.set(range, level);
    this.showPassage();
    if (this.transcript.hasFocus) this.transcript.focus();
    else this.transcript.reveal();
    if (level !== "sentence") this.saySelection();
  }

  goTo(range) {
    this.selection.set(range, "sentence");
    this.showPassage();
    this.transcript.focus();
  }

  toText() {
    this.showPassage();
    this.transcript.focus();
  }

  toUncoded(direction) {
    const from = this.selection.sentence.number;
    const open = (sentence) =>
      this.text.turns[sentence.turn].evidence && !this.codings.some((coding) => touches(coding, sentence));
    const there = this.text.sentences.filter((sentence) => (sentence.number - from) * direction > 0 && open(sentence));
    const next = direction > 0 ? there[0] : there.at(-1);
    if (next) this.goTo(next);
    else this.bars.say(`No uncoded passage ${direction > 0 ? "after" : "before"} this one.`);
  }

  toSource(direction) {
    const at = this.sources.findIndex((source) => source.source_id === this.text.id);
    const there = direction > 0 ? this.sources.slice(at + 1) : this.sources.slice(0, at).reverse();
    const next = direction > 0 ? (there.find((source) => !source.finished) ?? there[0]) : there[0];
    if (next) this.open(next.source_id);
    else this.bars.say(direction > 0 ? "This is the last source." : "This is the first source.");
  }

  // Acts

  giveRecent(digit) {
    const code = this.recent[digit - 1];
    if (code) this.give(code);
    else this.bars.say(`No code has been used ${digit} codes ago.`);
  }

  async give(code) {
    const range = this.selection.range;
    const place = this.text.describe(range);
    const source = this.text.id;
    const same = this.codings.find((one) => one.code === code && one.start === range.start && one.end === range.end);
    this.finder.clear();
    if (same) {
      this.bars.say(`${code} stands on ${place} already.`);
      this.toText();
      return;
    }
    const id = newId();
    const coding = { coding_id: id, ...range, code, coder: this.state.coder, stance: "supports", memo: "", pending: true, source_id: source };
    this.codings = [...this.codings, coding];
    this.recent = [code, ...this.recent.filter((one) => one !== code)].slice(0, 9);
    const done = this.act({ kind: "code", id, source_id: source, ...this.toPoints(range), code }, `Coded ${code} on ${place}`);
    this.showCodings();
    this.finder.show(this.state.codes, this.recent);
    this.toText();
    if (await done) this.change(coding, { pending: false }, 1);
  }

  /** Send an act, and say that it was saved when it was; true then. */
  async act(message, words) {
    const reply = await this.saving.add(message);
    if (reply.state && this.text.id === (message.source_id ?? this.text.id)) this.take(reply.state);
    this.bars.say(`${words}, saved`);
    return Boolean(reply.event_id);
  }

  /** A coding changed: put in its place one that says so. */
  change(coding, change, added = 0) {
    this.codings = this.codings.map((one) => (one.coding_id === coding.coding_id ? { ...one, ...change } : one));
    const source = this.sources.find((one) => one.source_id === this.text.id);
    if (source && !this.pair) source.codings += added;
    this.showCodings();
  }

  withFirst(act) {
    const [coding] = this.onPassage();
    if (coding) act(coding);
    else this.bars.say("Nothing is coded on this passage.");
  }

  async giveStance(coding, stance) {
    this.change(coding, { stance });
    const words = `${coding.code} on ${this.text.describe(coding)} now ${stance}`;
    await this.act({ kind: "stance", ids: [coding.coding_id], stance }, words);
  }

  async withdraw(coding) {
    const place = this.text.describe(coding);
    this.codings = this.codings.filter((one) => one.coding_id !== coding.coding_id);
    const done = this.act({ kind: "withdraw", ids: [coding.coding_id] }, `Withdrew ${coding.code} from ${place}`);
    const source = this.sources.find((one) => one.source_id === this.text.id);
    if (source && !this.pair) source.codings -= 1;
    this.showCodings();
    if (!this.transcript.hasFocus) this.toText();
    await done;
  }

  async writeMemo(coding, text) {
    const range = coding ?? this.selection.range;
    const points = this.toPoints(range);
    const source = this.text.id;
    const about = coding ? coding.coding_id : `${source}:${points.start}-${points.end}`;
    this.memos = [...this.memos, { about_type: coding ? "coding" : "passage", about_id: about, text }];
    this.showPassage();
    const message = coding ? { kind: "memo", id: about, text } : { kind: "memo", source_id: source, ...points, text };
    await this.act(message, `Memo on ${coding ? `${coding.code} on ` : ""}${this.text.describe(range)}`);
  }

  async finish() {
    const source = this.text.id;
    await this.act({ kind: "finish", source_id: source }, `Source ${source} finished`);
    const row = this.sources.find((one) => one.source_id === source);
    if (row) row.finished = true;
    this.showProgress();
  }

  async step(kind) {
    const taken = kind === "undo" ? this.saving.takeBack() : null;
    if (taken) {
      this.bars.say("Undone; it had not been saved.");
      this.codings = this.codings.filter((one) => one.coding_id !== taken.id);
      this.open(this.text.id, false);
      return;
    }
    const reply = await this.saving.add({ kind });
    if (reply.kind === "nothing") {
      this.bars.say(kind === "undo" ? "Nothing to undo." : "Nothing to redo.");
      return;
    }
    this.take(reply.state);
    this.bars.say(`${kind === "undo" ? "Undone" : "Done again"}: ${this.describeAct(reply.undone)}, saved`);
    if (this.transcript.hasFocus) this.transcript.focus();
  }

  /** What an event said, in words; one of another source names it. */
  describeAct(event) {
    const where =
      event.source_id === this.text.id ? this.text.describe(this.toUnits(event.start, event.end)) : `a passage of ${event.source_id}`;
    const about = event.code ? ` ${event.code} on ${where}` : ` ${event.about_id}`;
    return `${event.kind}${about}`;
  }

  // Comparing

  async settle(row, at, keep) {
    const place = `${row.code} on ${this.text.describe(row)}`;
    const where = { source_id: this.text.id, ...this.toPoints(row), code: row.code };
    if (keep) await this.act({ kind: "code", id: newId(), ...where }, `Kept ${place}`);
    else await this.act({ kind: "settle", ...where }, `Left out ${place}`);
    this.compare.focusAfter(at);
  }

  async agree() {
    const many = this.compared.agreed.length;
    await this.act({ kind: "agree" }, `Took into the consensus what both gave: ${many}`);
    this.compare.focusAfter(-1);
  }
}

/** The tab's own store, null where the browser keeps none for this page. */
function tabStore() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

function render({ model, el, options = {} }) {
  const view = new CodingView(model, el, options);
  return () => view.stop();
}

export default { render };
