// Passages: a source by turns, sentences and words, and how one moves and selects among them. All positions are UTF-16 units.
import { Positions, splitWords } from "./positions.js";
import { plural, shorten } from "./dom.js";

export const LEVELS = ["word", "sentence", "turn", "source"];

export class SourceText {
  constructor(source) {
    this.id = source.source_id;
    this.kind = source.kind;
    this.question = source.question;
    this.text = source.text;
    this.positions = new Positions(source.text);
    this.turns = [];
    this.sentences = [];
    const units = (point) => this.positions.toUnits(point);
    for (const turn of source.turns) {
      const number = this.turns.length;
      const first = this.sentences.length;
      for (const [start, end] of turn.sentences) {
        this.sentences.push({ number: this.sentences.length, turn: number, start: units(start), end: units(end) });
      }
      this.turns.push({ ...turn, number, first, last: this.sentences.length - 1, start: units(turn.start), end: units(turn.end) });
    }
    this.wordsBySentence = new Map();
  }

  slice(range) {
    return this.text.slice(range.start, range.end);
  }

  words(sentence) {
    if (!this.wordsBySentence.has(sentence.number)) {
      this.wordsBySentence.set(sentence.number, splitWords(this.text, sentence.start, sentence.end));
    }
    return this.wordsBySentence.get(sentence.number);
  }

  /** The last sentence that begins at a position or before it. */
  sentenceAt(position) {
    let low = 0;
    let high = this.sentences.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.sentences[middle].start <= position) low = middle;
      else high = middle - 1;
    }
    return this.sentences[low];
  }

  /** The last sentence that has a sign of a range. */
  lastSentence(range) {
    return this.sentenceAt(Math.max(range.start, range.end - 1));
  }

  turnRange(turn) {
    return { start: this.sentences[turn.first].start, end: this.sentences[turn.last].end };
  }

  /** What surrounds a position at a level. */
  unitAt(level, position) {
    const sentence = this.sentenceAt(position);
    if (level === "source") return { start: this.sentences[0].start, end: this.sentences.at(-1).end };
    if (level === "turn") return this.turnRange(this.turns[sentence.turn]);
    if (level === "sentence") return { start: sentence.start, end: sentence.end };
    const words = this.words(sentence);
    return words.findLast((word) => word.start <= position) ?? words[0];
  }

  /** The next unit of a level after a unit, or the one before; null at either end. */
  step(level, unit, direction) {
    const edge = direction > 0 ? this.lastSentence(unit) : this.sentenceAt(unit.start);
    if (level === "word") return this.stepWord(edge, unit, direction);
    if (level === "sentence") return this.sentences[edge.number + direction] ?? null;
    const turn = this.turns[edge.turn + direction];
    return turn ? this.turnRange(turn) : null;
  }

  stepWord(sentence, unit, direction) {
    const words = this.words(sentence);
    const next = direction > 0 ? words.find((word) => word.start >= unit.end) : words.findLast((word) => word.end <= unit.start);
    if (next) return next;
    const other = this.sentences[sentence.number + direction];
    return other ? this.words(other).at(direction > 0 ? 0 : -1) : null;
  }

  /** A range that a mouse drew, without the white space around it, and with the whole of each word that it touches. */
  wholeWords(start, end) {
    const drawn = this.text.slice(start, end);
    let from = start + drawn.length - drawn.trimStart().length;
    let to = end - (drawn.length - drawn.trimEnd().length);
    if (from >= to) return this.unitAt("word", start);
    const last = this.sentenceAt(to - 1).number;
    for (let number = this.sentenceAt(from).number; number <= last; number += 1) {
      for (const word of this.words(this.sentences[number])) {
        if (word.start < to && word.end > from) {
          from = Math.min(from, word.start);
          to = Math.max(to, word.end);
        }
      }
    }
    return { start: Math.max(from, this.sentenceAt(from).start), end: Math.min(to, this.sentences[last].end) };
  }

  /** How a range is called: "sentence 14", "turn 3", "“no time” in sentence 14". */
  describe(range) {
    const first = this.sentenceAt(range.start);
    const last = this.lastSentence(range);
    const whole = range.start === first.start && range.end === last.end;
    if (whole && first.number === 0 && last.number === this.sentences.length - 1 && this.turns.length > 1) return "the whole source";
    if (whole && first.number === last.number) return `sentence ${first.number + 1}`;
    const [one, other] = [this.turns[first.turn], this.turns[last.turn]];
    if (whole && first.number === one.first && last.number === other.last) {
      return one === other ? `turn ${one.number + 1}` : `turns ${one.number + 1} to ${other.number + 1}`;
    }
    const sentences =
      first === last ? `sentence ${first.number + 1}` : `sentences ${first.number + 1} to ${last.number + 1}`;
    return whole ? sentences : `“${shorten(this.slice(range), 40)}” in ${sentences}`;
  }

  /** The numbers of the sentences that codings touch. */
  codedSentences(codings) {
    const found = new Set();
    for (const coding of codings) {
      const last = this.lastSentence(coding);
      for (let { number } = this.sentenceAt(coding.start); number <= last.number; number += 1) {
        const sentence = this.sentences[number];
        if (coding.start < sentence.end && coding.end > sentence.start) found.add(number);
      }
    }
    return found;
  }

  summary() {
    return `${plural(this.turns.length, "turn")}, ${plural(this.sentences.length, "sentence")}`;
  }
}

export class Selection {
  constructor(text) {
    this.text = text;
    this.level = "sentence";
    this.anchor = this.focus = text.sentences[0];
  }

  get range() {
    return { start: Math.min(this.anchor.start, this.focus.start), end: Math.max(this.anchor.end, this.focus.end) };
  }

  /** The sentence that has the keyboard. */
  get sentence() {
    return this.text.sentenceAt(this.focus.start);
  }

  set(range, level) {
    this.level = level;
    this.anchor = this.focus = { start: range.start, end: range.end };
  }

  extendTo(range) {
    this.focus = { start: range.start, end: range.end };
  }

  /** Move by a level, or extend; false at either end. */
  move(level, direction, extend) {
    const next = this.nextUnit(level, direction);
    if (!next) return false;
    if (extend) this.extendTo(next);
    else this.set(next, level);
    if (extend) this.level = level;
    return true;
  }

  nextUnit(level, direction) {
    const from = this.focus;
    const narrower = LEVELS.indexOf(level) < LEVELS.indexOf(this.level) && this.anchor === this.focus;
    // From a sentence the first step by word is into it, and so from a turn the first by sentence.
    if (narrower) return this.text.unitAt(level, direction > 0 ? from.start : from.end - 1);
    return this.text.step(level, from, direction);
  }

  toEnd(direction, extend) {
    const sentence = direction > 0 ? this.text.sentences.at(-1) : this.text.sentences[0];
    if (extend) this.extendTo(sentence);
    else this.set(sentence, "sentence");
  }

  /** Take in more, from word to sentence, turn and source, or less. */
  resize(direction) {
    const at = LEVELS.indexOf(this.level) + direction;
    if (at < 0 || at >= LEVELS.length) return false;
    this.set(this.text.unitAt(LEVELS[at], this.focus.start), LEVELS[at]);
    return true;
  }
}
