// Page startup: from loading the page to playback.

import { askForCookies, giveUpCookies, settings } from "./api.js";
import { PermanentError } from "./api_error.js";
import { library } from "./library.js";
import { Playback } from "./playback.js";
import { Renewal, repeated } from "./renewal.js";
import { notice, showMessage, showViewer } from "./screen.js";
import { SignIn } from "./sign_in.js";

start().catch((error) => {
  console.error(error);
  showMessage("broken", () => location.reload());
});

async function start() {
  const oidc = library("oidc"); // loads in parallel with the settings
  const stream = await repeated(settings, showTrouble);
  showTrouble(null);
  const signIn = new SignIn(await oidc, stream);
  const begin = () => signIn.begin();
  try {
    const viewer = await signIn.viewer(() => library("shaka"));
    if (viewer) return await watch(stream, signIn, viewer);
    showMessage("welcome", begin);
    await library("shaka"); // so that it is cached when the viewer returns
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    showMessage(error.message, begin);
  }
}

async function watch(stream, signIn, viewer) {
  const cookies = new Renewal({
    ask: () => askForCookies((renew) => signIn.token(renew), stream.tokenHeader),
    onPermanentError: ({ message }) => notice(message, acts[message]),
    onTrouble: (error, hold) => showTrouble(hold ? null : error),
  });
  const playback = new Playback(address(stream), cookies);
  const signOut = () => signedOut(playback, cookies, signIn);
  const acts = {
    signInEnded: () => signIn.begin(),
    notAllowed: signOut,
    noCookies: () => location.reload(),
  };
  showViewer(viewer, signOut);
  try {
    await Promise.all([playback.ready(), cookies.start()]);
    await playback.run();
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    await playback.leave();
    showMessage(error.message, acts[error.message]);
  }
}

/** Shows why the viewer waits; null ends it. */
function showTrouble(error) {
  notice(error && (error.notice ?? "unreachable"));
}

/** Nothing may request cookies after they are deleted. */
async function signedOut(playback, cookies, signIn) {
  await playback.leave();
  await cookies.stop();
  try {
    await giveUpCookies();
    await signIn.leave();
  } catch (error) {
    console.warn(`sign-out: ${error.message}`);
    showMessage("stillSignedIn", () => signedOut(playback, cookies, signIn));
  }
}

/** HLS, which every browser can play, unless the URL has `#dash`. */
function address({ hls, dash }) {
  return location.hash === "#dash" ? dash : hls;
}
