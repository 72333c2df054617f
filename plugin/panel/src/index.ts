export { AutoSyncPanel } from "./panel/panel.js";
export { AutoSyncLogs } from "./logs/logs.js";
