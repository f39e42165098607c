// Page startup: from loading the page to playback.

import { askForCookies, settings } from "./api.js";
import { PermanentError } from "./api_error.js";
import { signOut, signedOutElsewhere } from "./leaving.js";
import { library } from "./library.js";
import { Playback } from "./playback.js";
import { Renewal } from "./renewal.js";
import { repeated } from "./retry.js";
import { notice, showMessage, showViewer } from "./screen.js";
import { SignIn } from "./sign_in.js";

/** The formats that the page plays, by their names in /api/config: it takes the first of them. */
const FORMATS = ["llHls", "hls", "hlsTs", "dash"];

// boot.js may have said that the page does not start
document.body.dataset.started = "";
document.body.dataset.screen = "starting";
// the browser may restore the page as it was, with another viewer or none
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
start().catch((error) => {
  console.error(error);
  showMessage("broken", () => location.reload());
});

async function start() {
  if (!isCurrent()) return showMessage("unsupported");
  if (!canStore()) return showMessage("noStorage", () => location.reload());
  const oidc = library("oidc", notice); // loads in parallel with the settings
  const stream = await repeated(settings, notice);
  const signIn = new SignIn(await oidc, stream);
  const begin = () => signIn.begin();
  try {
    const viewer = await signIn.viewer(() => library("shaka", notice), notice);
    if (viewer) return await watch(stream, signIn, viewer);
    showMessage("welcome", begin);
    await library("shaka"); // so that it is cached when the viewer returns
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    if (error.message === "signedOut") return signedOutElsewhere(signIn);
    showMessage(error.message, begin);
  }
}

async function watch(stream, signIn, viewer) {
  const cookies = new Renewal({
    ask: (signal) => askForCookies(signIn, stream.tokenHeader, signal),
    onPermanentError: (error) => tell(error, notice),
    onTrouble: notice,
  });
  const playback = new Playback(address(stream), cookies);
  let isOver = false;
  const stop = () => {
    isOver = true;
    notice(null);
    cookies.stop();
    playback.leave().catch((error) => console.warn(`player: ${error.message}`));
  };
  const end = () => signOut(signIn, stop);
  const acts = {
    signInEnded: () => signIn.begin(),
    notAllowed: end,
    notMember: end,
    noCookies: () => location.reload(),
  };
  const tell = ({ message }, show) => {
    if (message === "signedOut") signedOutElsewhere(signIn, stop);
    else show(message, acts[message]);
  };
  showViewer(viewer, end);
  signIn.onSignOutElsewhere(() => signedOutElsewhere(signIn, stop));
  try {
    await Promise.all([playback.ready(), cookies.start()]);
    await playback.run();
  } catch (error) {
    if (isOver) return;
    stop(); // also the notice, which may say the same
    if (!(error instanceof PermanentError)) throw error;
    tell(error, showMessage);
  }
}

/** Whether the browser has the newest of what the page needs; the browsers are in docs/page.md. */
function isCurrent() {
  const css = CSS.supports("height", "1dvh") && CSS.supports("selector(:has(a))");
  return Boolean(css && crypto.randomUUID && Array.prototype.at);
}

/** Whether the page may store data, which browsers can forbid together with cookies. */
function canStore() {
  try {
    for (const storage of [localStorage, sessionStorage]) {
      storage.setItem("test", "");
      storage.removeItem("test");
    }
    return true;
  } catch {
    return false;
  }
}

/** The format that the URL asks for, such as `#dash`, otherwise the first that the stream has. */
function address(config) {
  const asked = FORMATS.filter((name) => location.hash === `#${name}`);
  return config[[...asked, ...FORMATS].find((name) => config[name])];
}
