// Errors of API, sign-in and browser: those that last, and those that may pass.

/** An error that lasts; `message` names the message of strings.js that tells the viewer. */
export class PermanentError extends Error {
  constructor(message) {
    super(message);
    this.name = "PermanentError";
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
