import { css } from "lit";

export const panelStyles = css`
.form { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; max-width: 46rem; }
.form .whole { grid-column: 1 / -1; }
.summary { align-items: start; }
.outcome:not(:has(*)) { display: none; }
.facts { display: flex; flex-wrap: wrap; gap: 0.75rem 2.5rem; }
dt { font-size: 0.8125rem; color: var(--_muted); }
dd { overflow-wrap: anywhere; }
.facts dd { font-weight: 600; }

.settings-form { display: grid; gap: 1rem; }
.settings-form :is(input, select, button) { scroll-margin-block: 1rem 10rem; }
.kinds { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
.kind { display: flex; flex-direction: column; }
.kind > .settings { margin-top: auto; }
.kind .actions { border-top: 1px solid var(--_line); padding-top: 1rem; }
.times { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.75rem; }
.times dd { font-weight: 550; line-height: 1.35; }
.verdict-text { display: block; background: none; font-size: 0.8125rem; font-weight: 600; }

.counts { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1px; background: var(--_line);
  border: 1px solid var(--_line); border-radius: 0.5rem; overflow: hidden; }
.count { background: var(--_surface); padding: 0.5rem 0.625rem; display: flex; flex-direction: column; min-width: 0; }
.count dt { font-size: 0.75rem; line-height: 1.35; hyphens: auto; overflow-wrap: anywhere; }
.count dd { font-size: 1.0625rem; font-weight: 650; line-height: 1.4; font-variant-numeric: tabular-nums; }
.count.zero dd { font-weight: 450; color: var(--_muted); }
.count.warn dt { color: inherit; }
.count.warn { background: var(--_warn-bg); }

.settings > .whole { grid-column: 1 / -1; }
.settings { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
.problems { list-style: disc; padding-inline-start: 1.125rem; display: grid; gap: 0.25rem; }
.problems li { overflow-wrap: anywhere; }
.wrap { overflow-wrap: anywhere; }

progress { appearance: none; width: 100%; height: 0.5rem; border: 0; border-radius: 0.25rem; overflow: hidden;
  background: var(--_busy-bg); color: var(--_accent); }
progress::-webkit-progress-bar { background: var(--_busy-bg); border-radius: 0.25rem; }
progress::-webkit-progress-value { background: var(--_accent); border-radius: 0.25rem; transition: width 0.4s; }
progress::-moz-progress-bar { background: var(--_accent); }
progress:indeterminate { animation: pulse 1.6s ease-in-out infinite alternate; }
progress:indeterminate::-webkit-progress-bar { background: var(--_accent); }
@keyframes pulse { from { opacity: 0.25; } to { opacity: 0.7; } }

.options { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.25rem 2rem; }
.options > .stack { gap: 0.875rem; }
.option { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.75rem; align-items: start; }
.option input { margin-top: 0.0625rem; }
.option .stack { gap: 0; }

.save-bar { gap: 0.75rem; padding-block: 1rem; }
.save-bar.unsaved { position: sticky; bottom: 0.75rem; z-index: 1; border-color: var(--_accent);
  box-shadow: 0 6px 24px rgb(10 20 35 / 0.18); }

@container panel (max-width: 50rem) {
  .kinds, .options { grid-template-columns: minmax(0, 1fr); }
}
@container panel (max-width: 34rem) {
  .form, .settings { grid-template-columns: minmax(0, 1fr); }
  .counts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .times { grid-template-columns: minmax(0, 1fr); gap: 0.5rem; }
  .times > div { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 0.5rem; }
  .save-bar .row { width: 100%; }
  .save-bar .row > button { flex: 1 1 auto; }
}
`;
