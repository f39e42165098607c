// Libraries: loaded on demand as classic scripts, each with one global name, and their styles.

const LIBRARIES = {
  shaka: ["lib/shaka-player.js", "lib/shaka-player.css"],
  oidc: ["lib/oidc-client-ts.js"],
};

/** The library with this global name, loaded on the first call. Rejects if loading fails. */
export function library(name) {
  LIBRARIES[name] instanceof Promise || (LIBRARIES[name] = loaded(name, LIBRARIES[name]));
  return LIBRARIES[name];
}

async function loaded(name, sources) {
  await Promise.all(sources.map(file));
  return globalThis[name];
}

function file(source) {
  return new Promise((resolve, reject) => {
    const element = source.endsWith(".css")
      ? Object.assign(document.createElement("link"), { rel: "stylesheet", href: source })
      : Object.assign(document.createElement("script"), { src: source });
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${source} cannot be loaded`));
    document.head.append(element);
  });
}
