// What the coder does: moving and selecting, giving codes, stances and memos, taking back, settling. After each act a screen reader is
// told what happened, and "saved" only when the kernel has said so.
import { newId } from "./dom.js";
import { readKey } from "./keys.js";
import { codedWords } from "./transcript.js";
import { View } from "./view.js";

const DIGITS = 9;

class CodingView extends View {
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
      digits: () => this.sayDigits(),
      where: () => this.bars.say(`${this.placeInWords()}. ${this.bars.progress.textContent}`),
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

  show(range, level, aloud = true) {
    this.selection.set(range, level);
    this.showPassage();
    if (this.transcript.hasFocus) this.transcript.focus();
    else this.transcript.reveal();
    if (aloud && level !== "sentence") this.saySelection();
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
    const coded = this.text.codedSentences(this.codings);
    const open = (sentence) => this.text.turns[sentence.turn].evidence && !coded.has(sentence.number);
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
    else this.bars.say(`No code is on ${digit} yet.`);
  }

  sayDigits() {
    const said = this.recent.map((code, at) => `${at + 1} ${code}`);
    this.bars.say(said.length ? said.join(", ") : "No code has been used yet.");
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
    this.recent = keepRecent(this.recent, this.used, code);
    this.used = [code, ...this.used.filter((one) => one !== code)];
    const before = { codings: this.codings };
    this.codings = [...this.codings, coding];
    const done = this.act({ kind: "code", id, source_id: source, ...this.toPoints(range), code }, `Coded ${code} on ${place}`, before);
    this.showCodings();
    this.finder.show(this.state.codes, this.recent);
    if (!this.transcript.hasFocus) this.transcript.focus();
    await done;
    this.change(coding, { pending: false }, 1);
  }

  /** Send an act, and when it was saved say so; `before` is what it changed in sight, should it be taken back unsaved. */
  async act(message, words, before = {}) {
    const text = this.text;
    const back = () => text === this.text && this.restore(before);
    const reply = await this.saving.add({ source_id: text.id, ...message }, back);
    if (reply.state) this.take(reply.state);
    // Whoever left the source meanwhile and came back was shown it without this act.
    else if (text !== this.text && text.id === this.text.id) await this.open(text.id, false);
    this.bars.say(`${words}, saved`);
  }

  /** Put back what was in sight before an act; what was saved since is no longer waiting. */
  restore(before) {
    Object.assign(this, before);
    const waiting = new Set(this.saving.row.map((act) => act.message.id));
    this.codings = this.codings.map((one) => (one.pending && !waiting.has(one.coding_id) ? { ...one, pending: false } : one));
  }

  /** A coding changed: put in its place one that says so. */
  change(coding, change, added = 0) {
    this.codings = this.codings.map((one) => (one.coding_id === coding.coding_id ? { ...one, ...change } : one));
    this.count(coding, added);
    this.showCodings();
  }

  /** Count a coding more or less in its source; with two coders compared the kernel sends the numbers each time. */
  count(coding, added) {
    const source = this.sources.find((one) => one.source_id === (coding.source_id ?? this.text.id));
    if (source && !this.pair) source.codings += added;
  }

  withFirst(act) {
    const [coding] = this.onPassage();
    if (coding) act(coding);
    else this.bars.say("Nothing is coded on this passage.");
  }

  async giveStance(coding, stance) {
    const before = { codings: this.codings };
    this.change(coding, { stance });
    const words = `${coding.code} on ${this.text.describe(coding)} now ${stance}`;
    await this.act({ kind: "stance", ids: [coding.coding_id], stance }, words, before);
  }

  async withdraw(coding) {
    const place = this.text.describe(coding);
    const before = { codings: this.codings };
    this.codings = this.codings.filter((one) => one.coding_id !== coding.coding_id);
    const done = this.act({ kind: "withdraw", ids: [coding.coding_id] }, `Withdrew ${coding.code} from ${place}`, before);
    this.showCodings();
    if (!this.transcript.hasFocus) this.toText();
    await done;
    this.count(coding, -1);
    this.showProgress();
  }

  async writeMemo(coding, text) {
    const range = coding ?? this.selection.range;
    const points = this.toPoints(range);
    const source = this.text.id;
    const about = coding ? coding.coding_id : `${source}:${points.start}-${points.end}`;
    const before = { memos: this.memos };
    this.memos = [...this.memos, { about_type: coding ? "coding" : "passage", about_id: about, text }];
    this.showPassage();
    const message = coding ? { kind: "memo", id: about, text } : { kind: "memo", source_id: source, ...points, text };
    await this.act(message, `Memo on ${coding ? `${coding.code} on ` : ""}${this.text.describe(range)}`, before);
  }

  async finish() {
    const source = this.text.id;
    await this.act({ kind: "finish", source_id: source }, `Source ${source} finished`);
    const row = this.sources.find((one) => one.source_id === source);
    if (row) row.finished = true;
    this.showProgress();
  }

  async step(kind) {
    if (kind === "undo" && this.saving.takeBack()) {
      this.bars.say("Undone; it had not been saved.");
      this.showCodings();
      return;
    }
    const reply = await this.saving.add({ kind, source_id: this.text.id });
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
    if (event.start === undefined) return `${event.kind} ${event.about_id}`;
    const here = event.source_id === this.text.id;
    const where = here ? this.text.describe(this.toUnits(event.start, event.end)) : `a passage of ${event.source_id}`;
    return `${event.kind} ${event.code ? `${event.code} ` : ""}on ${where}`;
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

/** The codes on the digits, once one more was used: each keeps its place, and the one that was used longest ago gives way. */
function keepRecent(recent, used, code) {
  if (recent.includes(code)) return recent;
  if (recent.length < DIGITS) return [...recent, code];
  const oldest = used.findLast((one) => recent.includes(one));
  return recent.map((one) => (one === oldest ? code : one));
}

function render({ model, el, options = {} }) {
  const view = new CodingView(model, el, options);
  return () => view.stop();
}

export default { render };
