// Positions. A study counts code points, a browser UTF-16 units: a sign beyond the basic plane (an emoji, say) is one of the first
// and two of the second. What comes in is turned into units here, and what goes out into points, and nowhere else.

export class Positions {
  constructor(text) {
    this.pairs = [];
    for (let at = 0; at < text.length; at += 1) {
      if (text.codePointAt(at) > 0xffff) {
        this.pairs.push(at);
        at += 1;
      }
    }
  }

  /** The unit at which a code point begins. */
  toUnits(point) {
    return point + this.pairsWhere((unit, before) => unit - before < point);
  }

  /** The code point that begins at a unit, or to which the unit belongs. */
  toPoints(unit) {
    return unit - this.pairsWhere((pair) => pair < unit);
  }

  /** How many pairs, from the first on, hold; those that hold come before those that do not. */
  pairsWhere(holds) {
    let low = 0;
    let high = this.pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.pairs[middle], middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const segmenter = new Intl.Segmenter("en", { granularity: "word" });

/** The words of a stretch of a text, each with its start and end; an emoji is a word, and signs alone are one together. */
export function splitWords(text, start, end) {
  const words = [];
  for (const part of segmenter.segment(text.slice(start, end))) {
    if (part.isWordLike || /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(part.segment)) {
      words.push({ start: start + part.index, end: start + part.index + part.segment.length });
    }
  }
  return words.length ? words : [{ start, end }];
}
