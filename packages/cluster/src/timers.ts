export { systemTimers, type Timers } from "@gloam/common";
