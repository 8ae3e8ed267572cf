// Sends photos without leaving the page: several at once, checked before they go, each told of by itself. It also shows
// the form on the minute when sending begins, and takes it away when it is over. Without it the plain form sends one.
(function () {
  "use strict";
  const PAUSES = [1000, 4000]; // milliseconds before the second and the third attempt: a phone between two masts
  const STALLED = 60000; // milliseconds without a byte until an attempt is given up
  const LONGEST = 600000; // milliseconds for a file whose progress cannot be seen
  const HOUR = 3600000;
  const NOT_OURS = "is no photo or video that we can take";
  // Some browsers know no type for what phones make.
  const TYPES = {
    "3gp": "video/3gpp", avif: "image/avif", gif: "image/gif", heic: "image/heic", heif: "image/heif",
    jpeg: "image/jpeg", jpg: "image/jpeg", mov: "video/quicktime", mp4: "video/mp4", png: "image/png",
    webm: "video/webm", webp: "image/webp",
  };

  const section = document.querySelector(".photos");
  const form = section && section.querySelector("form");
  if (!form || form.hasAttribute("data-preview")) return;
  const told = section.querySelector(".told");
  watchTheClock();
  if (form.dataset.ticket) improve();

  function watchTheClock() {
    const opens = Date.parse(section.dataset.opens);
    const closes = Date.parse(section.dataset.closes);
    const send = section.querySelector(".send");
    let shown = "";
    let timer = 0;

    function look() {
      const now = Date.now();
      const phase = now < opens ? "before" : now < closes ? "open" : "closed";
      if (phase !== shown) tell(phase);
      shown = phase;
      const next = phase === "before" ? opens : closes;
      clearTimeout(timer);
      if (phase !== "closed") timer = setTimeout(look, Math.min(next - now, HOUR));
    }

    function tell(phase) {
      send.hidden = phase !== "open";
      if (phase === "before") told.textContent = "The form will come up here by itself when it is time.";
      else if (phase === "closed") told.textContent = "Sending has closed. Thank you for every one you sent.";
      else told.textContent = "";
    }

    // A phone in a pocket stops its timers.
    document.addEventListener("visibilitychange", function () { if (!document.hidden) look(); });
    look();
  }

  function improve() {
    const input = section.querySelector("input[type=file]");
    const button = section.querySelector("button");
    const limit = Number(section.dataset.limit);
    const list = document.createElement("ul");
    let rows = [];
    let busy = false;
    list.id = "photos-list";
    section.appendChild(list);
    input.multiple = true;
    section.querySelector(".rules span").textContent = "As many as you like.";
    section.querySelector("label").textContent = "Choose photos or videos";
    input.addEventListener("change", choose);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      sendAll();
    });
    window.addEventListener("beforeunload", function (event) { if (busy) event.preventDefault(); });

    function choose() {
      if (!input.files.length) return;
      const replaced = busy ? is("refused") : is("ready", "refused"); // what waits for its turn goes on waiting
      rows.filter(replaced).forEach(function (row) { row.line.remove(); });
      rows = rows.filter(function (row) { return !replaced(row); }).concat(Array.from(input.files, newRow));
      told.textContent = "";
    }

    function newRow(file) {
      const row = { file: file, line: document.createElement("li"), words: document.createElement("span") };
      const name = document.createElement("strong");
      name.textContent = file.name;
      row.line.append(name, row.words);
      list.appendChild(row.line);
      const fault = faultOf(file);
      show(row, fault ? "refused" : "ready", fault || "ready to send");
      return row;
    }

    function faultOf(file) {
      if (!typeOf(file)) return NOT_OURS;
      if (!file.size) return "is empty";
      if (file.size > limit) return "is too large: " + megabytes(file.size) + ", and " + section.dataset.size + " is the most";
      return "";
    }

    async function sendAll() {
      if (busy || !rows.some(is("ready"))) return;
      busy = true;
      button.textContent = "Sending…";
      button.setAttribute("aria-disabled", "true");
      for (let row = rows.find(is("ready")); row; row = rows.find(is("ready"))) {
        told.textContent = "Sending, " + rows.filter(is("ready")).length + " to go.";
        await sendOne(row);
      }
      busy = false;
      button.textContent = "Send";
      button.removeAttribute("aria-disabled");
      input.value = "";
      summarize();
    }

    async function sendOne(row) {
      const bar = document.createElement("progress");
      bar.max = row.file.size;
      bar.value = 0;
      bar.setAttribute("aria-label", row.file.name);
      show(row, "sending", "is on its way");
      row.line.append(bar);
      let outcome = await attempt(row.file, bar);
      for (const pause of PAUSES) {
        if (outcome !== "again") break;
        await new Promise(function (resolve) { setTimeout(resolve, pause); });
        outcome = await attempt(row.file, bar);
      }
      bar.remove();
      if (outcome === "sent") show(row, "sent", "✓ has arrived");
      else fail(row, outcome === "again" ? "did not get through" : outcome);
    }

    function fail(row, words) {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "button quiet";
      again.textContent = "Try again";
      again.setAttribute("aria-label", "Try again: " + row.file.name);
      again.addEventListener("click", function () {
        again.remove();
        show(row, "ready", "ready to send");
        sendAll();
      });
      show(row, "failed", words);
      row.line.append(again);
    }

    // Resolves to "sent", to "again" where another attempt may go better, or to what is wrong.
    function attempt(file, bar) {
      return send(file, bar).catch(function () { return "again"; });
    }

    async function send(file, bar) {
      const answer = await ask(file);
      if (answer.fields) return post(answer, file, bar);
      if (answer.status === 429) return "has to wait: that was a lot at once, so try again in ten minutes";
      if (answer.status === 410) return "came too late: sending has closed";
      return Date.parse(form.dataset.expires) > Date.now() ? postByForm(file) : "again";
    }

    async function ask(file) {
      try {
        const answer = await fetch("/g/PRESIGN", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ ticket: form.dataset.ticket, content_type: typeOf(file) }),
          cache: "no-store",
          signal: AbortSignal.timeout(STALLED),
        });
        return answer.ok ? Object(await answer.json()) : { status: answer.status };
      } catch (error) {
        return { status: 0 }; // no connection, or an answer that is none
      }
    }

    function post(target, file, bar) {
      return new Promise(function (resolve) {
        const request = new XMLHttpRequest();
        let watch = setTimeout(stop, STALLED);
        function stop() { request.abort(); }
        request.upload.addEventListener("progress", function (event) {
          clearTimeout(watch);
          watch = setTimeout(stop, STALLED);
          bar.value = Math.min(event.loaded, bar.max);
        });
        request.addEventListener("loadend", function () {
          clearTimeout(watch);
          resolve(request.status >= 200 && request.status < 300 ? "sent" : "again");
        });
        request.open("POST", target.url);
        request.send(body(Object.entries(target.fields), file));
      });
    }

    // The form in the page answers success with the way to the thank-you page, which is not gone; a bucket in its own
    // region sends nobody anywhere else.
    async function postByForm(file) {
      try {
        const fields = new FormData(form);
        fields.delete("file");
        const answer = await fetch(form.action, {
          method: "POST",
          body: body(fields, file),
          redirect: "manual",
          signal: AbortSignal.timeout(LONGEST),
        });
        return answer.ok || answer.type === "opaqueredirect" ? "sent" : "again";
      } catch (error) {
        return "again";
      }
    }

    function body(fields, file) {
      const whole = new FormData();
      for (const [name, value] of fields) whole.append(name, value);
      whole.append("file", file, file.name); // S3 wants it last
      return whole;
    }

    function summarize() {
      const sent = rows.filter(is("sent")).length;
      const left = rows.filter(is("failed")).length;
      const refused = rows.filter(is("refused")).length;
      told.textContent = (sent ? sent + " arrived. Thank you!" : "") + (left ? " " + left + " did not get through." : "")
        + (refused ? " " + refused + " could not be taken." : "");
    }

    function show(row, state, words) {
      row.line.dataset.state = state;
      row.words.textContent = words;
    }

    function is() {
      const states = Array.from(arguments);
      return function (row) { return states.includes(row.line.dataset.state); };
    }
  }

  function typeOf(file) {
    if (Object.values(TYPES).includes(file.type)) return file.type;
    return TYPES[file.name.toLowerCase().split(".").pop()] || "";
  }

  function megabytes(count) {
    return Math.ceil(count / 100000) / 10 + " MB";
  }
})();
