// Libraries: loaded on demand as classic scripts, each with one global name.

const LIBRARIES = { shaka: "lib/shaka-player.js", oidc: "lib/oidc-client-ts.js" };

/** The library with this global name, loaded on the first call. Rejects if loading fails. */
export function library(name) {
  LIBRARIES[name] instanceof Promise || (LIBRARIES[name] = loaded(name, LIBRARIES[name]));
  return LIBRARIES[name];
}

function loaded(name, source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve(globalThis[name]);
    script.onerror = () => reject(new Error(`${source} cannot be loaded`));
    document.head.append(script);
  });
}
