// Request pacing while the origin is in trouble, so that its viewers do not overwhelm it.

/** Mean seconds from a failure to the first, second, … request after it; the last one repeats. */
const PAUSES = [0.7, 1.4, 2.2];

/** The least and the greatest fraction of the mean: random, so that viewers spread out. */
const SPREAD = [0.7, 1.3];

/** Lets requests through: all of them, or after a failure one at a time until one succeeds. */
export class Pace {
  #isInTrouble = false;
  #waiting = [];
  #count = 0;
  #timer = null;

  /**
   * Resolves when a request may be sent, or as soon as `signal` is aborted. A request that `isUrgent`
   * comes before those that wait.
   */
  turn(signal, isUrgent = false) {
    if (!this.#isInTrouble || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const go = () => {
        signal.removeEventListener("abort", go);
        this.#waiting = this.#waiting.filter((other) => other !== go);
        resolve();
      };
      signal.addEventListener("abort", go);
      this.#waiting = isUrgent ? [go, ...this.#waiting] : [...this.#waiting, go];
      if (!this.#timer) this.#next();
    });
  }

  /** Call after a request that succeeded: all others may be sent. */
  succeeded() {
    this.#isInTrouble = false;
    this.#count = 0;
    clearTimeout(this.#timer);
    this.#timer = null;
    for (const go of this.#waiting) go();
  }

  /** Call after a request that failed. */
  failed() {
    if (this.#isInTrouble) return;
    this.#isInTrouble = true;
    this.#pause();
  }

  #next() {
    this.#timer = null;
    if (!this.#waiting.length) return; // the next request need not wait
    this.#waiting[0]();
    this.#count += 1;
    this.#pause();
  }

  #pause() {
    const mean = PAUSES[Math.min(this.#count, PAUSES.length - 1)];
    const [least, most] = SPREAD;
    const seconds = mean * (least + Math.random() * (most - least));
    this.#timer = setTimeout(() => this.#next(), seconds * 1000);
  }
}
