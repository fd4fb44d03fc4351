// Search over the index files of this directory, newest month first. Nothing leaves the browser.
(function () {
  "use strict";
  var form = document.getElementById("search");
  var field = document.getElementById("q");
  var status = document.getElementById("status");
  var found = document.getElementById("found");
  var LIMIT = 200;
  var run = 0;

  function plain(text) {
    return text.normalize("NFKC").toLowerCase();
  }

  function read(name) {
    return fetch(name, { credentials: "omit" }).then(function (answer) {
      if (!answer.ok) { throw new Error(name); }
      return answer.json();
    });
  }

  function show(entry) {
    var line = document.createElement("li");
    var link = document.createElement("a");
    link.href = "../" + entry.href;
    link.textContent = entry.title;
    var time = document.createElement("time");
    time.dateTime = entry.date;
    time.textContent = entry.date;
    line.append(link, " ", time);
    found.append(line);
  }

  function search(text) {
    var words = plain(text).split(/\s+/).filter(Boolean);
    var mine = ++run;
    var count = 0;
    found.replaceChildren();
    found.hidden = true;
    if (words.length === 0) { status.textContent = ""; return; }
    status.textContent = form.dataset.wait;
    read("index.json").then(function (index) {
      return index.months.reduce(function (before, month) {
        return before.then(function () {
          if (mine !== run) { return null; }
          return read(month.file).then(function (entries) {
            if (mine !== run) { return; }
            entries.forEach(function (entry) {
              var hay = plain([entry.title, entry.column, entry.number, entry.keywords, entry.summary].join(" "));
              if (words.every(function (word) { return hay.includes(word); })) {
                count += 1;
                if (count <= LIMIT) { found.hidden = false; show(entry); }
              }
            });
          });
        });
      }, Promise.resolve());
    }).then(function () {
      if (mine !== run) { return; }
      var words = count === 0 ? form.dataset.none : count > LIMIT ? form.dataset.more : form.dataset.some;
      status.textContent = words.replace("#", String(count));
    }).catch(function () {
      if (mine === run) { status.textContent = form.dataset.failed; }
    });
  }

  form.hidden = false;
  document.getElementById("no-script").hidden = true;
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var text = field.value;
    history.replaceState(null, "", text ? "?q=" + encodeURIComponent(text) : location.pathname);
    search(text);
  });
  var asked = new URLSearchParams(location.search).get("q");
  if (asked) { field.value = asked.slice(0, 100); search(field.value); }
})();
