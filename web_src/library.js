// Libraries: loaded on demand as classic scripts, each with one global name, and their styles.

import { SECONDS } from "./request.js";
import { repeated } from "./retry.js";

const LIBRARIES = {
  shaka: ["lib/shaka-player.js", "lib/shaka-player.css"],
  oidc: ["lib/oidc-client-ts.js"],
};

/** A message appears when a library takes longer than this. */
const PATIENCE_SECONDS = 15;

/**
 * The library with this global name, loaded on the first call; failures are retried. `tell` gets
 * the key of the viewer's message when that takes long, and null when it ends.
 */
export function library(name, tell = () => {}) {
  if (!(LIBRARIES[name] instanceof Promise)) {
    const load = LIBRARIES[name].map((source) =>
      repeated(loader(source), tell, { patience: PATIENCE_SECONDS }),
    );
    LIBRARIES[name] = Promise.all(load).then(() => globalThis[name]);
  }
  return LIBRARIES[name];
}

/** Browsers would make a second request for the same URL wait for the first. */
function loader(source) {
  let attempt = 0;
  return () => loaded(attempt++ ? `${source}?${attempt}` : source);
}

function loaded(source) {
  return new Promise((resolve, reject) => {
    const isStyle = source.includes(".css");
    const element = document.createElement(isStyle ? "link" : "script");
    const fail = () => {
      clearTimeout(timer);
      element.remove();
      reject(new Error(`${source} cannot be loaded`));
    };
    const timer = setTimeout(fail, SECONDS.library * 1000);
    element.onload = () => {
      clearTimeout(timer);
      resolve();
    };
    element.onerror = fail;
    if (isStyle) Object.assign(element, { rel: "stylesheet", href: source });
    else element.src = source;
    document.head.append(element);
  });
}
