// Runs in every browser, even one without modules: says so if the page does not start.

(function () {
  var LONGEST_MILLISECONDS = 20000;

  function check() {
    var body = document.body;
    if (body && !body.hasAttribute("data-started")) body.setAttribute("data-screen", "failed");
  }

  // until then, every module has run or failed; or one of them hangs
  window.addEventListener("load", check);
  setTimeout(check, LONGEST_MILLISECONDS);
})();
