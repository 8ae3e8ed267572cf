// Keeps a page in the preview true to the files: loads it again when it has changed, and shows what is wrong with them.
(function () {
  "use strict";
  if (window.top !== window.self) return; // the home page looks after the pages in its frames
  var script = document.currentScript;
  var edition = script.getAttribute("data-edition");
  var state = script.getAttribute("data-known");
  var known = "";
  var asking = null;
  var panel = null;
  var folded = "";

  function show(news) {
    if (panel) panel.remove();
    panel = null;
    if (!news.report) return;
    panel = document.createElement("castoff-problems");
    var root = panel.attachShadow({ mode: "open" });
    var look = document.createElement("link");
    look.rel = "stylesheet";
    look.href = "/__castoff/problems.css";
    var box = document.createElement("details");
    box.open = folded !== news.report;
    box.addEventListener("toggle", function () { folded = box.open ? "" : news.report; });
    var head = document.createElement("summary");
    var count = document.createElement("strong");
    count.textContent = news.summary;
    head.append(count, " This page stays as it was.");
    var text = document.createElement("pre");
    text.textContent = news.report;
    box.append(head, text);
    box.setAttribute("role", "alert");
    panel.style.display = "none"; // until it has its look
    look.addEventListener("load", function () { panel.style.display = ""; });
    root.append(look, box);
    document.body.append(panel);
  }

  function ask() {
    if (asking || document.visibilityState !== "visible") return;
    asking = new AbortController();
    fetch("/__castoff/news?known=" + encodeURIComponent(known), { cache: "no-store", signal: asking.signal })
      .then(function (answer) { return answer.json(); })
      .then(function (news) {
        if (news.edition !== edition || (state && news.known !== state)) return location.reload();
        if (news.known !== known && !state) show(news);
        known = news.known;
        asking = null;
        ask();
      })
      .catch(function () {
        asking = null;
        setTimeout(ask, 1000); // the preview was stopped, or this page went to the background
      });
  }

  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible") ask();
    else if (asking) asking.abort();
  });
  ask();
})();
