import { css, unsafeCSS } from "lit";

// Every colour is a custom property that the host's page may set; the defaults hold 4.5 : 1 or better.
const light = unsafeCSS(`
  --_surface: var(--mk-surface, #ffffff);
  --_sunken: var(--mk-sunken, #f5f7f9);
  --_text: var(--mk-text, #1b2430);
  --_muted: var(--mk-muted, #55606f);
  --_line: var(--mk-line, #dce1e7);
  --_control: var(--mk-control, #7f8b99);
  --_accent: var(--mk-accent, #0b5cad);
  --_accent-hover: var(--mk-accent-hover, #084a8c);
  --_on-accent: var(--mk-on-accent, #ffffff);
  --_ok: #12693f; --_ok-bg: #e3f4ea;
  --_busy: #0b5291; --_busy-bg: #e4effb;
  --_warn: #7a4d00; --_warn-bg: #fdf1d8;
  --_bad: #a3211a; --_bad-bg: #fdeae8;
  --_off: #4b5665; --_off-bg: #edf0f3;
  --_shadow: 0 1px 2px rgb(20 30 45 / 0.06);
  color-scheme: light;
`);

const dark = unsafeCSS(`
  --_surface: var(--mk-surface, #181d24);
  --_sunken: var(--mk-sunken, #1f262f);
  --_text: var(--mk-text, #e8ecf1);
  --_muted: var(--mk-muted, #a9b4c1);
  --_line: var(--mk-line, #323c48);
  --_control: var(--mk-control, #7d8a99);
  --_accent: var(--mk-accent, #7db6f5);
  --_accent-hover: var(--mk-accent-hover, #a3ccf9);
  --_on-accent: var(--mk-on-accent, #0b1622);
  --_ok: #84d8aa; --_ok-bg: #17342a;
  --_busy: #9ac8fa; --_busy-bg: #1a314b;
  --_warn: #f0c674; --_warn-bg: #3a2e14;
  --_bad: #ffaaa3; --_bad-bg: #452021;
  --_off: #b6c0cc; --_off-bg: #2a323c;
  --_shadow: none;
  color-scheme: dark;
`);

export const shared = css`
  :host { display: block; ${light} }
  @media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { ${dark} } }
  :host([theme="dark"]) { ${dark} }
  :host([hidden]) { display: none; }

  *, *::before, *::after { box-sizing: border-box; }

  .root {
    font: 400 0.9375rem/1.5 var(--mk-font, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif);
    color: var(--_text);
    max-width: var(--mk-max-width, 72rem);
    display: grid;
    gap: 1rem;
    container: panel / inline-size;
    text-align: start;
  }
  h2, h3, h4, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; border: 0; min-inline-size: 0; }
  h2 { font-size: 1.1875rem; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em; }
  h3 { font-size: 1rem; line-height: 1.4; font-weight: 650; }
  h4, legend { font-size: 0.875rem; font-weight: 650; padding: 0; }
  ul, ol { list-style: none; }
  p { max-width: 46rem; overflow-wrap: anywhere; }
  a { color: var(--_accent); }
  .muted { color: var(--_muted); }
  .small { font-size: 0.8125rem; }
  .nums { font-variant-numeric: tabular-nums; }
  .visually-hidden {
    position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }

  .card {
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: 0.75rem;
    box-shadow: var(--_shadow);
    padding: 1.25rem;
    display: grid;
    gap: 1rem;
    align-content: start;
  }
  .row { display: flex; flex-wrap: wrap; gap: 0.5rem 0.75rem; align-items: center; }
  .row.between { justify-content: space-between; }
  .stack { display: grid; gap: 0.25rem; align-content: start; }

  /* controls */
  .field { display: grid; gap: 0.25rem; align-content: start; min-width: 0; }
  label, .label { font-size: 0.875rem; font-weight: 600; }
  label .muted { font-weight: 400; }
  input:not([type="checkbox"]), select, textarea {
    font: inherit; color: var(--_text); background: var(--_surface);
    border: 1px solid var(--_control); border-radius: 0.5rem;
    padding: 0.4375rem 0.625rem; min-height: 2.5rem; width: 100%; min-width: 0;
  }
  textarea { font: 0.8125rem/1.45 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; resize: vertical; }
  input:disabled, select:disabled, textarea:disabled { background: var(--_sunken); color: var(--_muted); opacity: 1; }
  [aria-invalid="true"]:not([type="checkbox"]) { border-color: var(--_bad); box-shadow: inset 0 0 0 1px var(--_bad); }
  .help { font-size: 0.8125rem; color: var(--_muted); overflow-wrap: anywhere; }
  .error-text { font-size: 0.8125rem; color: var(--_bad); font-weight: 550; overflow-wrap: anywhere; }
  .with-unit { display: flex; align-items: center; gap: 0.5rem; }
  .with-unit input { max-width: 7rem; }

  button, .button {
    font: inherit; font-weight: 600; line-height: 1.25; cursor: pointer; text-decoration: none;
    display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem;
    min-height: 2.5rem; padding: 0.4375rem 0.9375rem;
    border-radius: 0.5rem; border: 1px solid var(--_control);
    background: var(--_surface); color: var(--_text);
  }
  button:hover:not(:disabled), .button:hover { background: var(--_sunken); }
  button.primary { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); }
  button.primary:hover:not(:disabled) { background: var(--_accent-hover); border-color: var(--_accent-hover); }
  button.danger { color: var(--_bad); border-color: var(--_bad); }
  button.plain { border-color: transparent; background: transparent; color: var(--_accent); }
  button:disabled { cursor: not-allowed; color: var(--_muted); background: var(--_sunken); border-color: var(--_line); }
  button[aria-busy="true"] { cursor: progress; }
  :focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }

  .switch { display: inline-flex; align-items: center; gap: 0.625rem; }
  input[role="switch"] {
    appearance: none; flex: none; margin: 0; position: relative; cursor: pointer;
    width: 2.75rem; height: 1.5rem; border-radius: 1rem;
    background: var(--_control); transition: background 0.15s;
  }
  input[role="switch"]::before {
    content: ""; position: absolute; top: 0.1875rem; left: 0.1875rem;
    width: 1.125rem; height: 1.125rem; border-radius: 50%; background: var(--_surface); transition: transform 0.15s;
  }
  input[role="switch"]:checked { background: var(--_accent); }
  input[role="switch"]:checked::before { transform: translateX(1.25rem); }
  input[role="switch"]:disabled { cursor: not-allowed; background: var(--_off-bg); box-shadow: inset 0 0 0 1px var(--_control); }
  input[role="switch"]:disabled::before { background: var(--_control); }
  input[role="switch"]:disabled:checked { background: var(--_control); }
  input[role="switch"]:disabled:checked::before { background: var(--_surface); }

  /* messages */
  .pill {
    display: inline-flex; align-items: center; gap: 0.375rem; flex: none;
    font-size: 0.8125rem; font-weight: 600; line-height: 1.2; white-space: nowrap;
    padding: 0.25rem 0.625rem; border-radius: 1rem;
  }
  .pill::before { content: ""; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: currentColor; }
  .note { border-radius: 0.5rem; padding: 0.625rem 0.875rem; display: grid; gap: 0.25rem; }
  .note strong { font-weight: 650; }
  .note button { justify-self: start; }
  .ok { color: var(--_ok); background: var(--_ok-bg); }
  .busy { color: var(--_busy); background: var(--_busy-bg); }
  .warn { color: var(--_warn); background: var(--_warn-bg); }
  .bad { color: var(--_bad); background: var(--_bad-bg); }
  .off { color: var(--_off); background: var(--_off-bg); }

  summary { cursor: pointer; font-weight: 600; font-size: 0.875rem; border-radius: 0.25rem; }
  details > :not(summary) { margin-top: 0.75rem; }

  @container panel (max-width: 34rem) {
    .card { padding: 1rem; }
    .wide-on-phone { width: 100%; }
    .wide-on-phone > button, .wide-on-phone > .button { flex: 1 1 auto; }
  }
  @media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
  @media (forced-colors: active) {
    input[role="switch"] { border: 1px solid ButtonText; }
    input[role="switch"]:checked { background: Highlight; forced-color-adjust: none; }
  }
`;
