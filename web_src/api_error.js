// API, sign-in and browser errors: permanent and temporary.

/** A permanent error; `message` is the key of the viewer's message in strings.js. */
export class PermanentError extends Error {
  constructor(message) {
    super(message);
    this.name = "PermanentError";
  }
}

/**
 * A temporary error response. `retryAfter` is in seconds (RFC 9110, 10.2.3), and `notice` is the key
 * of the viewer's message; 429 means that too many requests arrive, of all viewers together.
 */
export class Unavailable extends Error {
  constructor({ status, headers }) {
    super(`HTTP status ${status}`);
    this.name = "Unavailable";
    this.retryAfter = Number(headers.get("Retry-After")) || 0;
    this.notice = status === 429 ? "busy" : "unreachable";
  }
}
