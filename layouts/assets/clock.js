// Says what is true at this minute: a page is written once and read for days. What has `data-says` says that between
// `data-from` and `data-until`, and otherwise what it was written with; what has not is there in that time alone.
// Without it a page has only words that stay true.
(function () {
  "use strict";
  const LONGEST = 3600000; // milliseconds: timers cannot be set for weeks, and a phone's clock may be set right
  const timed = Array.from(document.querySelectorAll("[data-from], [data-until]"), function (found) {
    const from = found.dataset.from ? Date.parse(found.dataset.from) : -Infinity;
    const until = found.dataset.until ? Date.parse(found.dataset.until) : Infinity;
    return { found: found, from: from, until: until, written: found.textContent, says: found.dataset.says };
  });
  let timer = 0;

  function look() {
    const now = Date.now();
    timed.forEach(function (one) {
      const holds = one.from <= now && now < one.until;
      if (one.says === undefined) one.found.hidden = !holds;
      else if (one.found.textContent !== (holds ? one.says : one.written)) one.found.textContent = holds ? one.says : one.written;
    });
    const ahead = timed.flatMap(function (one) { return [one.from, one.until]; }).filter(function (instant) { return instant > now; });
    clearTimeout(timer);
    if (ahead.length) timer = setTimeout(look, Math.min(Math.min.apply(null, ahead) - now, LONGEST));
  }

  // A phone in a pocket stops its timers, and a page that is gone back to is shown as it was left.
  document.addEventListener("visibilitychange", function () { if (!document.hidden) look(); });
  window.addEventListener("pageshow", look);
  look();
})();
