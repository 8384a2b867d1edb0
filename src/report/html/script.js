(function () {
  'use strict';
  // Whatever needs a script is shown only where one runs.
  document.querySelectorAll('.actions[hidden]').forEach(function (e) { e.hidden = false; });
  function on(id, event, act) {
    var e = document.getElementById(id);
    if (e) e.addEventListener(event, act);
  }
  function save(text, type, name) {
    var link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: type }));
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  }
  function text(id) { return document.getElementById(id).textContent; }
  on('save-json', 'click', function () { save(text('diagnosis'), 'application/json', 'rtc-doctor.json'); });
  on('save-csv', 'click', function () { save('\ufeff' + text('csv'), 'text/csv', 'firewall.csv'); });
  on('copy-request', 'click', function (event) {
    var button = event.currentTarget, before = button.textContent;
    var rows = document.querySelectorAll('#firewall-request tr');
    var sheet = Array.prototype.map.call(rows, function (row) {
      return Array.prototype.map.call(row.cells, function (cell) {
        return Array.prototype.map.call(cell.childNodes, function (n) { return n.textContent.trim(); }).filter(Boolean).join(' ');
      }).join('\t');
    }).join('\n');
    function done() {
      button.textContent = button.dataset.done;
      setTimeout(function () { button.textContent = before; }, 2000);
    }
    function plainly() {
      var area = document.createElement('textarea');
      area.value = sheet;
      document.body.appendChild(area);
      area.select();
      if (document.execCommand('copy')) done();
      area.remove();
      button.focus();
    }
    if (navigator.clipboard) navigator.clipboard.writeText(sheet).then(done, plainly); else plainly();
  });
  var log = document.getElementById('log');
  if (log) {
    var rows = Array.prototype.slice.call(log.tBodies[0].rows), found = document.getElementById('found');
    var haystack = null, waiting = 0;
    var look = function () {
      waiting = 0;
      haystack = haystack || rows.map(function (row) { return row.textContent.toLowerCase(); });
      var words = document.getElementById('search').value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
      rows.forEach(function (row, i) {
        var fits = words.every(function (word) { return haystack[i].indexOf(word) >= 0; });
        row.hidden = !fits;
        if (fits) shown += 1;
      });
      found.textContent = words.length ? found.dataset.text.replace('{shown}', shown).replace('{all}', rows.length) : '';
    };
    on('search', 'input', function () { if (!waiting) waiting = setTimeout(look, 60); });
  }
  // Evidence opens what it points into.
  function reveal() {
    var e = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (e && e.hidden) e.hidden = false;
    var inside = e && e.querySelector && e.matches('.finding') && e.querySelector('details');
    if (inside) inside.open = true;
  }
  addEventListener('hashchange', reveal);
  reveal();
})();
