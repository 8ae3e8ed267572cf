// The home page: finds bookings, changes between them without losing its place, and takes in what is new.
(function () {
  "use strict";
  var known = document.currentScript.getAttribute("data-known");
  var find = document.getElementById("find");
  var asking = null;

  // 390 by 844 points, as large as there is room for two of them side by side.
  function fit() {
    var phones = document.querySelector(".phones");
    if (!phones) return;
    var caption = phones.querySelector("figcaption").offsetHeight;
    var high = (phones.clientHeight - caption - 14) / 844;
    var wide = (phones.clientWidth / 2 - 12 - 14) / 390;
    phones.style.setProperty("--fit", String(Math.max(0.4, Math.min(1, high, wide))));
  }

  // By the beginnings of words, so that "30" finds the thirtieth and not half past ten.
  function filter() {
    var words = find.value.toLowerCase().split(/[\s,]+/).filter(Boolean);
    var any = false;
    document.querySelectorAll("#list section").forEach(function (day) {
      var heading = day.querySelector("h2").textContent.toLowerCase().replace(/[\s,]+/g, " ");
      var shown = 0;
      day.querySelectorAll("li").forEach(function (line) {
        var text = " " + heading + " " + line.textContent.toLowerCase().replace(/[\s,]+/g, " ");
        line.hidden = !words.every(function (word) { return text.indexOf(" " + word) >= 0; });
        if (!line.hidden) shown += 1;
      });
      day.hidden = shown === 0;
      any = any || shown > 0;
    });
    document.getElementById("none").hidden = any || words.length === 0;
  }

  // A phone has no scroll bar that takes room away from the page.
  function dress(frame) {
    function bare() {
      try {
        frame.contentDocument.documentElement.style.scrollbarWidth = "none";
      } catch (error) {
        // the frame went to another site: it keeps its scroll bar
      }
    }
    frame.addEventListener("load", bare);
    bare();
  }

  function begin() {
    document.querySelectorAll("iframe").forEach(dress);
    fit();
    filter();
  }

  function replace(selector, page) {
    var mine = document.querySelector(selector);
    var theirs = page.querySelector(selector);
    if (mine && theirs) mine.replaceWith(document.adoptNode(theirs));
  }

  function addresses(root) {
    return Array.prototype.map.call(root.querySelectorAll("figure"), function (figure) {
      return figure.getAttribute("data-page");
    }).join(" ");
  }

  // Puts another state of this page in its place; the list stays where it was scrolled to, and a frame that shows the
  // same page as before is only loaded again.
  function take(text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var top = document.getElementById("list").scrollTop;
    var same = addresses(document) !== "" && addresses(document) === addresses(page);
    document.title = page.title;
    replace("#list", page);
    replace("#as-of", page);
    document.getElementById("list").scrollTop = top;
    if (same) {
      var old = document.getElementById("problems");
      var fresh = page.getElementById("problems");
      if (old) old.remove();
      if (fresh) document.getElementById("stage").prepend(document.adoptNode(fresh));
      replace(".chosen", page);
      document.querySelectorAll("iframe").forEach(function (frame) { frame.contentWindow.location.reload(); });
      fit();
      filter();
    } else {
      replace("#stage", page);
      begin();
    }
    known = page.querySelector("script[data-known]").getAttribute("data-known");
  }

  function show(address) {
    return fetch(address, { cache: "no-store" }).then(function (answer) { return answer.text(); }).then(take);
  }

  function ask() {
    if (asking || document.visibilityState !== "visible") return;
    asking = new AbortController();
    fetch("/__castoff/news?known=" + encodeURIComponent(known), { cache: "no-store", signal: asking.signal })
      .then(function (answer) { return answer.json(); })
      .then(function (news) { if (news.known !== known) return show(location.href); })
      .then(function () { asking = null; ask(); })
      .catch(function () {
        asking = null;
        setTimeout(ask, 1000); // the preview was stopped, or this page went to the background
      });
  }

  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible") ask();
    else if (asking) asking.abort();
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("#list a") : null;
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    show(link.href).catch(function () { location.assign(link.href); });
  });
  window.addEventListener("popstate", function () { show(location.href); });
  window.addEventListener("resize", fit);
  find.addEventListener("input", filter);

  begin();
  var current = document.querySelector("#list a[aria-current]");
  if (current) current.scrollIntoView({ block: "nearest" });
  ask();
})();
