import { css } from "lit";

export const reviewStyles = css`
  .waiting { gap: 0.5rem; }
  .waiting + .waiting { border-top: 1px solid var(--_line); padding-top: 1rem; }
  .waiting > ul { display: grid; gap: 0.75rem; }
  .waiting-item { border: 1px solid var(--_line); border-radius: 0.5rem; padding: 0.875rem; display: grid; gap: 0.75rem; }
  .waiting-item h4 { font-size: 0.9375rem; overflow-wrap: anywhere; }
  .waiting-item h5 { margin: 0; font-size: 0.875rem; font-weight: 600; }
  .waiting-item .row.between > p { flex: 1 1 18rem; }

  .conflict-fields { display: grid; gap: 0.5rem; }
  .conflict-field { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 6fr); gap: 0.25rem 0.75rem;
    border-top: 1px solid var(--_line); padding-top: 0.5rem; }
  .conflict-field dl { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.75rem; }
  .conflict-field dl > div { display: grid; gap: 0.125rem; align-content: start; justify-items: start;
    border-inline-start: 3px solid transparent; padding-inline-start: 0.5rem; }
  .conflict-field .chosen { border-color: var(--_accent); }
  .conflict-field .base { color: var(--_muted); }
  .conflict-field dd { max-width: 100%; }
  .conflict-field button { min-height: 2rem; padding: 0.25rem 0.625rem; font-size: 0.8125rem; margin-top: 0.25rem; }
  .value { white-space: pre-wrap; }
  [data-side] .value { font-weight: 600; }

  @container panel (max-width: 50rem) {
    .conflict-field { grid-template-columns: minmax(0, 1fr); }
  }
  @container panel (max-width: 34rem) {
    .conflict-field dl { grid-template-columns: minmax(0, 1fr); gap: 0.5rem; }
    .conflict-field dl > div { justify-items: stretch; }
    .waiting-item .row.between > button { width: 100%; }
  }
`;
