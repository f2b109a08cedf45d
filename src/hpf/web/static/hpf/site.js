"use strict";
/* Keyboard at the counter, double submits, printing, charts. No inline script anywhere. */

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const box = document.querySelector("[data-search-box]");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  }
  if (event.key === "Escape" && event.target.matches("[data-search-box]")) event.target.blur();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) { event.preventDefault(); return; }
  if (form.method.toLowerCase() !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.setAttribute("aria-busy", "true");
    button.classList.add("disabled");
  }
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[aria-busy]")) { button.removeAttribute("aria-busy"); button.classList.remove("disabled"); }
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("change", (event) => {
  if (event.target.matches(".file-pick input")) {
    const named = event.target.parentElement.querySelector("[data-file-name]");
    named.textContent = event.target.files.length ? event.target.files[0].name : "未选择文件";
  }
  const field = event.target.closest("[data-submit-on-change]");
  if (field) field.form.requestSubmit();
});

const INK = "#1d2b30", QUIET = "#5d6a6e", LINE = "#e3ddd0";
const PALETTE = ["#17626a", "#b98a2c", "#7c9a92", "#a5532b", "#43708f", "#8c8a5b"];

function chartOption(spec) {
  const horizontal = spec.kind === "ranking";
  const category = { type: "category", data: spec.labels, inverse: horizontal, axisLine: { lineStyle: { color: LINE } }, axisTick: { show: false }, axisLabel: { color: INK, interval: 0, rotate: horizontal || spec.labels.length < 18 ? 0 : 40 } };
  if (spec.kind === "line") category.axisLabel.interval = "auto";
  const value = { type: "value", name: spec.unit, nameTextStyle: { color: QUIET, align: horizontal ? "right" : "left" }, axisLabel: { color: QUIET }, splitLine: { lineStyle: { color: LINE } } };
  if (/^[笔人个户家件]$/.test(spec.unit)) value.minInterval = 1;
  const number = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 2 });
  return {
    color: PALETTE,
    textStyle: { fontFamily: "inherit", color: INK },
    animationDuration: 250,
    aria: { enabled: true, label: { description: spec.description } },
    grid: { left: 8, right: 24, top: spec.series.length > 1 ? 48 : 32, bottom: 8, containLabel: true },
    legend: spec.series.length > 1 ? { top: 0, left: 0, textStyle: { color: INK } } : undefined,
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: horizontal || spec.kind === "bar" ? "shadow" : "line" }, valueFormatter: (v) => v == null ? "无数据" : number.format(v) + " " + spec.unit },
    xAxis: horizontal ? value : category,
    yAxis: horizontal ? category : value,
    series: spec.series.map((s) => ({ name: s.name, data: s.data.map(Number), type: spec.kind === "line" ? "line" : "bar", barMaxWidth: 26, smooth: false, symbolSize: 5, itemStyle: { borderRadius: spec.kind === "line" ? 0 : 3 } })),
  };
}

function drawCharts(root) {
  for (const place of root.querySelectorAll("[data-chart]")) {
    const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    const option = chartOption(spec);
    if (!spec.labels.length) option.title = { text: "所选期间没有数据", left: "center", top: "middle", textStyle: { color: QUIET, fontSize: 14, fontWeight: 400 } };
    chart.setOption(option);
    if (spec.links) chart.on("click", (at) => { if (spec.links[at.dataIndex]) window.location.assign(spec.links[at.dataIndex]); });
    new ResizeObserver(() => chart.resize()).observe(place);
  }
}
if (window.echarts) drawCharts(document);
