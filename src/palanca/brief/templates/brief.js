(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const dialog = document.getElementById("evidence");
  const body = dialog.querySelector(".body");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.n");
    if (!link || !dialog.showModal) return;
    const entry = document.getElementById(link.getAttribute("href").slice(1));
    if (!entry) return;
    event.preventDefault();
    const copy = entry.cloneNode(true);
    copy.removeAttribute("id");
    copy.open = true;
    body.replaceChildren(...copy.childNodes);
    const head = body.querySelector("summary");
    if (head) { const p = document.createElement("p"); p.append(...head.childNodes); head.replaceWith(p); }
    for (const row of body.querySelectorAll("tr[data-value]"))
      if (row.dataset.value === link.dataset.value) row.style.background = "#d9efee";
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const options = { mode: "vega-lite", actions: false, renderer: "svg", ...charts.locale };
  const autosize = { type: "fit-x", contains: "padding" };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target.querySelector(".live")); }
  }, { rootMargin: "600px" });
  function draw(place) {
    place.classList.add("ready");
    vegaEmbed(place, { autosize, ...charts.specs[place.dataset.chart] }, options).catch(() => place.classList.remove("ready"));
  }
  for (const figure of document.querySelectorAll("figure")) seen.observe(figure);
})();
