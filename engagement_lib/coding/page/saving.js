// Saving: acts wait in a row, one goes to the kernel at a time, and each counts as saved only when the kernel has answered with the
// id of its event. What was not saved stays in the row, and outlives a reload of the page in the tab's own store.

const ANSWER_WITHIN = 8000;
const PING_EVERY = 10000;
const KEPT = ["code", "withdraw", "stance", "memo", "finish", "settle"];

export class Saving {
  /** `send` takes a message to the kernel; `told` is called whenever the state changed; `storage` may be null. */
  constructor({ send, told, newId, storage = null, within = ANSWER_WITHIN, every = PING_EVERY }) {
    Object.assign(this, { send, told, newId, storage, within });
    this.row = [];
    this.own = new Set();
    this.waiting = null;
    this.problem = null;
    this.connected = true;
    this.key = "";
    this.asked = new Map();
    this.pinging = setInterval(() => this.ping(), every);
  }

  stop() {
    clearInterval(this.pinging);
    clearTimeout(this.timer);
    for (const { timer } of this.asked.values()) clearTimeout(timer);
  }

  /** Ask for something that changes nothing: a source, or whether the kernel is there. */
  ask(message, within = this.within) {
    const request = this.newId();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.asked.delete(request);
        this.lost();
        resolve(null);
      }, within);
      this.asked.set(request, { resolve, timer });
      this.pass({ ...message, request });
    });
  }

  ping() {
    const idle = !this.asked.size && (!this.waiting || !this.connected);
    if (document.visibilityState === "visible" && idle) this.ask({ kind: "ping" });
  }

  /** Put an act in the row; the promise is kept when it is saved. `takeBack` undoes in sight what was never saved. */
  add(message, takeBack = () => {}) {
    return new Promise((resolve) => {
      const request = this.newId();
      this.own.add(request);
      this.row.push({ message: { ...message, request }, resolve, takeBack });
      this.keep();
      this.problem = null;
      this.next();
    });
  }

  next() {
    if (!this.waiting && this.row.length) {
      this.waiting = this.row[0];
      this.timer = setTimeout(() => this.lost(), this.within);
      this.pass(this.waiting.message);
    }
    this.told();
  }

  /** Send again what is first in the row. */
  again() {
    clearTimeout(this.timer);
    if (this.waiting) this.waiting.message.again = true;
    this.waiting = null;
    this.problem = null;
    this.next();
  }

  /** Take the last act out of the row, where it has not gone to the kernel; false where it has, or there is none. */
  takeBack() {
    const last = this.row.at(-1);
    if (!last || last === this.waiting) return false;
    this.row.pop();
    last.takeBack();
    if (!this.row.length) this.problem = null;
    this.keep();
    this.told();
    return true;
  }

  receive(reply) {
    const was = this.connected;
    this.connected = true;
    const asked = this.asked.get(reply.request);
    if (asked) {
      clearTimeout(asked.timer);
      this.asked.delete(reply.request);
      asked.resolve(reply);
    } else if (this.row.length && reply.request === this.row[0].message.request) this.settle(reply);
    if (!was && this.waiting) this.again();
    // Whoever asked goes on first, and may have no need any more to ask again.
    else if (!was) setTimeout(() => this.told());
  }

  settle(reply) {
    clearTimeout(this.timer);
    this.waiting = null;
    if (reply.kind === "failed") {
      this.problem = reply;
      this.told();
      return;
    }
    this.problem = null;
    const done = this.row.shift();
    this.keep();
    done.resolve(reply);
    this.next();
  }

  lost() {
    this.connected = false;
    this.told();
  }

  pass(message) {
    try {
      // A widget whose kernel is gone refuses at once, or with a promise; the wait for an answer ends in the same words.
      Promise.resolve(this.send(message)).catch(() => this.lost());
    } catch {
      this.lost();
    }
  }

  keep() {
    if (!this.storage || !this.key) return;
    const mine = this.row.map((act) => act.message).filter((message) => KEPT.includes(message.kind));
    try {
      // Another page of the same coder in this tab keeps its own there.
      const others = this.stored().filter((message) => !this.own.has(message.request));
      const acts = [...others, ...mine];
      if (acts.length) this.storage.setItem(this.key, JSON.stringify(acts));
      else this.storage.removeItem(this.key);
    } catch {
      // A full store of the tab takes nothing away from what the page itself still holds.
    }
  }

  /** The acts that a page before this one had not saved; they are this page's from now on. */
  left(key) {
    this.key = key;
    const acts = this.stored().filter((message) => !this.own.has(message.request));
    for (const { request } of acts) this.own.add(request);
    return acts;
  }

  stored() {
    try {
      return JSON.parse(this.storage?.getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
  }
}
