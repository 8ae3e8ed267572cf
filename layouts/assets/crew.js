// Keeps the crew's ticks on this phone, by booking and item. Without it the lists are plain lists with boxes.
(function () {
  "use strict";
  var lists = document.querySelector("[data-ticks]");
  if (!lists) return;
  var name = "castoff:ticks:" + lists.getAttribute("data-ticks");
  var ticks = read();

  function read() {
    try {
      return JSON.parse(localStorage.getItem(name)) || {};
    } catch (error) {
      return {}; // storage is off, or not ours: begin with nothing
    }
  }

  function write() {
    try {
      localStorage.setItem(name, JSON.stringify(ticks));
    } catch (error) {
      // storage is off or full: the boxes still work until the page is closed
    }
  }

  lists.querySelectorAll("section").forEach(function (section) {
    var boxes = Array.prototype.slice.call(section.querySelectorAll("input[type=checkbox]"));
    var count = document.createElement("output");
    section.querySelector("h2").appendChild(count);

    function tell() {
      var done = boxes.filter(function (box) { return box.checked; }).length;
      count.textContent = done + " of " + boxes.length;
      section.classList.toggle("done", done === boxes.length);
    }

    boxes.forEach(function (box) {
      box.checked = ticks[box.id] === 1;
      box.addEventListener("change", function () {
        if (box.checked) ticks[box.id] = 1;
        else delete ticks[box.id];
        write();
        tell();
      });
    });
    section.addEventListener("castoff:cleared", function () {
      boxes.forEach(function (box) { box.checked = false; });
      tell();
    });
    tell();
  });

  var clear = document.createElement("button");
  clear.type = "button";
  clear.className = "button quiet";
  clear.textContent = "Clear all ticks";
  clear.addEventListener("click", function () {
    if (!confirm("Clear every tick on this page?")) return;
    ticks = {};
    write();
    lists.querySelectorAll("section").forEach(function (section) {
      section.dispatchEvent(new Event("castoff:cleared"));
    });
  });
  lists.appendChild(clear);
})();
