// API, sign-in and browser errors: permanent and temporary.

/** A permanent error; `message` is the key of the viewer's message in strings.js. */
export class PermanentError extends Error {
  constructor(message) {
    super(message);
    this.name = "PermanentError";
  }
}

/** A temporary error response; `retryAfter` is in seconds (RFC 9110, 10.2.3). */
export class Unavailable extends Error {
  constructor(status, retryAfter) {
    super(`HTTP status ${status}`);
    this.name = "Unavailable";
    this.retryAfter = retryAfter || 0;
  }
}
