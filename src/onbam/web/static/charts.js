/* Charts where a decision hangs on them. */
(() => {
  "use strict";
  const draw = async (box) => {
    if (box.dataset.drawn) return;
    box.dataset.drawn = "1";
    const answer = await fetch(box.dataset.chart, { headers: { accept: "application/json" } });
    if (!answer.ok) return;
    const { days } = await answer.json();
    const ink = getComputedStyle(document.documentElement);
    const color = (name) => ink.getPropertyValue(name).trim();
    const x = days.map((day) => Date.parse(day.day + "T00:00:00") / 1000);
    const bars = uPlot.paths.bars({ size: [0.7, 40] });
    const axis = { stroke: color("--soft"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false }, font: "12px " + ink.getPropertyValue("--font") };
    const series = [
      {},
      { label: box.dataset.labelDone, fill: color("--work"), stroke: color("--work"), paths: bars, points: { show: false } },
      { label: box.dataset.labelWrong, stroke: color("--need"), width: 2, points: { show: true, size: 5 } },
    ];
    const options = { width: Math.max(280, box.clientWidth), height: 200, legend: { live: true }, cursor: { points: { show: false } }, scales: { y: { range: (_, low, high) => [0, Math.max(4, high * 1.1)] } }, axes: [{ ...axis, values: (_, at) => at.map((s) => { const d = new Date(s * 1000); return d.getMonth() + 1 + "/" + d.getDate(); }) }, axis], series };
    const plot = new uPlot(options, [x, days.map((d) => d.completed), days.map((d) => d.failed)], box);
    new ResizeObserver(() => plot.setSize({ width: Math.max(280, box.clientWidth), height: 200 })).observe(box);
  };
  document.addEventListener("toggle", (event) => { const box = event.target.querySelector?.("[data-chart]"); if (box && event.target.open) draw(box); }, true);
})();
