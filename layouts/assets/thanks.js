// Leads back to the page that a photo was sent from: S3 names in the address what has just arrived. Without it, or
// opened by itself, the page says what holds in any case.
(function () {
  "use strict";
  const asked = new URLSearchParams(location.search);
  const found = /^uploads\/([a-z0-9]{7})\/(guest|crew)\/./.exec(asked.get("key") || "");
  const lead = document.querySelector(".lead");
  if (found) {
    const back = document.createElement("a");
    back.className = "button";
    back.href = "/g/" + found[1] + (found[2] === "crew" ? "-crew" : "");
    back.textContent = "Back to your page";
    lead.textContent = "What you sent has arrived. You can send the next one from your page.";
    lead.nextElementSibling.replaceWith(back);
  } else if (asked.has("file")) {
    lead.textContent = "This was only a preview: nothing was sent.";
  }
})();
