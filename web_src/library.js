// Libraries come as classic scripts, each with one global name, and only when they are needed.

const LIBRARIES = { shaka: "lib/shaka-player.js", oidc: "lib/oidc-client-ts.js" };

/** The library of that global name, loaded at the first call. Rejects when it cannot be loaded. */
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
