// From the first look at the page to the picture.

import { askForCookies, giveUpCookies, settings } from "./api.js";
import { library } from "./library.js";
import { Refusal } from "./refusal.js";
import { Renewal } from "./renewal.js";
import { notice, showMessage, showViewer } from "./screen.js";
import { SignIn } from "./sign_in.js";
import { Watching } from "./watching.js";
import { fill } from "./words.js";

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
    if (!(error instanceof Refusal)) throw error;
    showMessage(error.message, begin);
  }
}

async function watch(stream, signIn, viewer) {
  const cookies = new Renewal({
    ask: () => askForCookies((anew) => signIn.token(anew), stream.tokenHeader),
    onRefused: ({ message }) => notice(message, acts[message]),
    onTrouble: (error, hold) => {
      if (error) console.warn(`cookies: ${error.message}`);
      notice(hold ? null : "unreachable");
    },
  });
  const watching = new Watching(address(stream), cookies);
  const signOut = () => signedOut(watching, cookies, signIn);
  const acts = {
    signInEnded: () => signIn.begin(),
    notAllowed: signOut,
    noCookies: () => location.reload(),
  };
  showViewer(viewer, signOut);
  try {
    await Promise.all([watching.ready(), cookies.start()]);
    await watching.forGood();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await watching.leave();
    showMessage(error.message, acts[error.message]);
  }
}

/** Nothing may ask for cookies any more when they are given up. */
async function signedOut(watching, cookies, signIn) {
  await watching.leave();
  await cookies.stop();
  try {
    await giveUpCookies();
    await signIn.leave();
  } catch (error) {
    console.warn(`sign-out: ${error.message}`);
    showMessage("stillSignedIn", () => signedOut(watching, cookies, signIn));
  }
}

/** HLS, which every browser can play, unless the address asks for `#dash`. */
function address({ hls, dash }) {
  return location.hash === "#dash" ? dash : hls;
}
