// What is shown: the parts of the page, and how they follow what the kernel has sent. What the coder does is in page.js.
import { formatTime, idMaker, keepKeys, make, newId } from "./dom.js";
import { Selection, SourceText } from "./passages.js";
import { touches } from "./marks.js";
import { Saving } from "./saving.js";
import { Transcript, codedWords } from "./transcript.js";
import { Finder } from "./finder.js";
import { PassagePanel } from "./passage_panel.js";
import { ComparePanel } from "./compare.js";
import { Bars, SearchBar, makeHelp } from "./bars.js";

const GONE =
  "Not connected: the notebook's kernel does not answer. It may be busy with another cell; if it was stopped, run the cell of this page again.";

export class View {
  constructor(model, element, options) {
    this.model = model;
    this.id = idMaker();
    this.text = null;
    this.codings = [];
    this.memos = [];
    this.recent = [];
    this.used = null;
    this.makeParts();
    this.saving = new Saving({
      send: (message) => model.send(message),
      told: () => this.showSaving(),
      newId,
      storage: tabStore(),
      ...options,
    });
    this.receive = (reply) => this.saving.receive(reply);
    this.asked = () => this.saving.ask({ kind: "ping" }, 2000);
    model.on("msg:custom", this.receive);
    model.on("comm_live_update", this.asked);
    element.append(this.element);
    this.open("");
  }

  makeParts() {
    const { id } = this;
    const leave = () => this.toText();
    this.transcript = new Transcript({ id, selected: () => this.showPassage(), keyed: (event) => this.keyed(event) });
    this.finder = new Finder({ id, leave, give: (code) => this.give(code), say: (words) => this.bars.say(words) });
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
    this.search = new SearchBar({ id, leave, go: (range) => this.show(range, "word", false) });
    this.help = makeHelp(id);
    this.question = make("p", { class: "eng-question", hidden: true });
    const side = make("div", { class: "eng-side" }, this.compare.element, this.finder.element, this.passage.element);
    this.body = make("div", { class: "eng-body", hidden: true }, this.transcript.element, side);
    const parts = [this.bars.element, this.bars.status, this.bars.trouble, this.search.element, this.question, this.body, this.help];
    const frame = make("div", { class: "eng-frame" }, ...parts);
    const attributes = { class: "eng-coding", role: "region", "aria-labelledby": id("title") };
    this.element = keepKeys(make("section", attributes, frame));
  }

  stop() {
    this.saving.stop();
    this.model.off("msg:custom", this.receive);
    this.model.off("comm_live_update", this.asked);
  }

  // What comes in

  async open(source, focus = Boolean(source)) {
    this.opening = source;
    const state = await this.saving.ask({ kind: "open", source_id: source }, this.saving.within * 2);
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
    if (!this.used) this.recent = this.used = state.recent;
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
    this.saveWhatWasLeft(`eng-coding:${state.study}:${state.coder}`);
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
    if (state.source_id !== this.text.id) return;
    const units = (one) => ({ ...one, start: this.text.positions.toUnits(one.start), end: this.text.positions.toUnits(one.end) });
    const there = new Set(state.codings.map((one) => one.coding_id));
    const waiting = this.codings.filter((one) => one.pending && one.source_id === this.text.id && !there.has(one.coding_id));
    this.codings = [...state.codings.map(units), ...waiting];
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
    const words = this.quoted(range);
    this.finder.setTarget(place.startsWith(words) ? place : `${place[0].toUpperCase()}${place.slice(1)}: ${words}`);
    this.passage.show(this.onPassage(), this.memosOnPassage(range), (coding) => this.text.describe(coding));
    this.transcript.describe(this.placeInWords());
  }

  /** Where the keyboard is and what is coded there; who speaks is said where a turn begins. */
  placeInWords() {
    const sentence = this.selection.sentence;
    const turn = this.text.turns[sentence.turn];
    const speaker = [turn.speaker, turn.role === "unknown" ? "" : turn.role].filter(Boolean).join(", ");
    const opening = sentence.number === turn.first ? [`Turn ${turn.number + 1}`, speaker, turn.time === null ? "" : formatTime(turn.time)] : [];
    return [...opening, this.text.describe(sentence), codedWords(this.named(), sentence)].filter(Boolean).join("; ");
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
    const marked = this.text.codedSentences(this.codings);
    const coded = sentences.filter((sentence) => marked.has(sentence.number)).length;
    const finished = this.sources.filter((source) => source.finished).length;
    const state = this.sources.find((source) => source.source_id === this.text.id)?.finished ? "finished" : "not finished";
    this.bars.progress.textContent = `This source: ${coded} of ${sentences.length} sentences coded, ${state}. Sources: ${finished} of ${this.sources.length} finished.`;
    this.bars.showSources(this.sources, this.text.id);
  }

  showSaving() {
    const { row, problem, connected, waiting } = this.saving;
    const many = row.length;
    this.bars.saved.textContent = !connected ? "Not connected" : many ? (waiting && !problem ? "Saving …" : `Not saved: ${many}`) : "All saved";
    const kept = many ? ` Not saved yet: ${many}. What you did stays here to be saved again; Undo takes back the last of it.` : "";
    if (problem) this.bars.warn(`Not saved. ${problem.problem} ${problem.remedy}${kept}`, true);
    else if (!connected) this.bars.warn(`${GONE}${kept}`, many > 0);
    else this.bars.warn("", false);
    if (connected && this.opening !== null && this.opening !== undefined && !this.saving.asked.size) this.open(this.opening);
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
