(function () {
  "use strict";
  var bar = document.getElementById("filter");
  if (!bar) return;
  var words = document.getElementById("words"), show = document.getElementById("show"), count = document.getElementById("count");
  var rows = Array.prototype.slice.call(document.querySelectorAll(".checks tbody tr"));
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  function filter() {
    var wanted = words.value.toLowerCase().split(/\s+/), shown = 0;
    rows.forEach(function (row, i) {
      var fits = (!show.value || row.className === show.value) && wanted.every(function (w) { return texts[i].indexOf(w) >= 0; });
      row.hidden = !fits;
      if (fits) shown++;
    });
    count.textContent = shown + " of " + rows.length + " checks";
  }
  words.addEventListener("input", filter);
  show.addEventListener("change", filter);
  bar.hidden = false;
  filter();
})();
