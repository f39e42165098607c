// Why a viewer gets no cookies, when asking again changes nothing.

/** A refusal for good; `message` names the message of words.js that tells the viewer. */
export class Refusal extends Error {
  constructor(message) {
    super(message);
    this.name = "Refusal";
  }
}

/** An answer that is none, though the next may be; `retryAfter` in seconds (RFC 9110, 10.2.3). */
export class Unavailable extends Error {
  constructor(status, retryAfter) {
    super(`answered with ${status}`);
    this.name = "Unavailable";
    this.retryAfter = retryAfter || 0;
  }
}
