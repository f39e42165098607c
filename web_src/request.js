// HTTP requests of the page: each has a time limit and can be aborted.
// AbortSignal.timeout and AbortSignal.any would be shorter, but Safari has them since 16 and 17.4.

/** After how many seconds a request is given up. */
export const SECONDS = {
  settings: 10, // CloudFront has them in its cache, or API Gateway answers without a function
  cookies: 10, // the function's own limit; it needs less than two, even when it has just started
  token: 10, // Cognito; as long as for cookies, which wait for it
  signOut: 1.5, // the viewer waits: with the click and the next page, two seconds
  status: 10, // a manifest; long enough for a slow network, as the next check does not wait for it
  library: 30, // 250 kB: a network that needs longer cannot play video
};

/**
 * The response to a request of a `kind` in SECONDS, with its whole text. Rejects if there is none
 * within the time limit, and when `signal` is aborted.
 */
export async function request(kind, address, options, signal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, SECONDS[kind] * 1000);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    const response = await fetch(address, { ...options, signal: controller.signal });
    const { ok, status, headers } = response;
    return { ok, status, headers, text: await response.text() };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** Settles as `promise` does, but rejects if that takes longer than a request of this kind may. */
export function within(kind, promise) {
  return new Promise((resolve, reject) => {
    const late = Object.assign(new Error("no response in time"), { name: "ErrorTimeout" });
    const timer = setTimeout(() => reject(late), SECONDS[kind] * 1000);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
