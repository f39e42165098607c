// From the first look at the page to the picture.

import { askForCookies, giveUpCookies, settings } from "./api.js";
import { PermanentError } from "./api_error.js";
import { library } from "./library.js";
import { Playback } from "./playback.js";
import { Renewal } from "./renewal.js";
import { notice, showMessage, showViewer } from "./screen.js";
import { SignIn } from "./sign_in.js";
import { fill } from "./strings.js";

fill(document);
start().catch((error) => {
  console.error(error);
  showMessage("broken", () => location.reload());
});

async function start() {
  const oidc = library("oidc"); // comes while the settings do
  const stream = await settings();
  const signIn = new SignIn(await oidc, stream);
  const begin = () => signIn.begin();
  try {
    const viewer = await signIn.viewer(() => library("shaka"));
    if (viewer) return await watch(stream, signIn, viewer);
    showMessage("welcome", begin);
    await library("shaka"); // so that it is there when the viewer comes back
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    showMessage(error.message, begin);
  }
}

async function watch(stream, signIn, viewer) {
  const cookies = new Renewal({
    ask: () => askForCookies((anew) => signIn.token(anew), stream.tokenHeader),
    onPermanentError: ({ message }) => notice(message, acts[message]),
    onTrouble: (error, hold) => {
      if (error) console.warn(`cookies: ${error.message}`);
      notice(hold ? null : "unreachable");
    },
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

/** Nothing may ask for cookies any more when they are given up. */
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

/** HLS, which every browser can play, unless the address asks for `#dash`. */
function address({ hls, dash }) {
  return location.hash === "#dash" ? dash : hls;
}
