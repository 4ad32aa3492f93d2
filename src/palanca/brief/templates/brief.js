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
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest('a[href^="#"]')) dialog.close();
  });
  // What draws the charts is packed: where a browser cannot unpack it, the pictures stay.
  const unpack = (id) => {
    const packed = Uint8Array.from(atob(document.getElementById(id).textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  };
  const padding = { left: 5, top: 5, right: 14, bottom: 5 };
  Promise.all([unpack("charts"), unpack("vega")]).then(([drawn, code]) => {
    const charts = JSON.parse(drawn);
    const script = document.createElement("script");
    script.textContent = code;
    document.head.append(script);
    const options = { mode: "vega-lite", actions: false, renderer: "svg", ...charts.locale };
    const draw = (place) => {
      place.classList.add("ready");
      vegaEmbed(place, { padding, ...charts.specs[place.dataset.chart] }, options).catch(() => place.classList.remove("ready"));
    };
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target.querySelector(".live")); }
    }, { rootMargin: "600px" });
    for (const figure of document.querySelectorAll("figure")) seen.observe(figure);
  });
})();
