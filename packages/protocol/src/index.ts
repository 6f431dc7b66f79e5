/** Authenticated WebSocket connections, and the control messages that they carry. */
export { connect, type ConnectOptions } from "./connection/connect.ts";
export { Connection, type ConnectionObserver } from "./connection/connection.ts";
export { Listener, type ListenLimits, type ListenOptions } from "./connection/listen.ts";
export { Refusals } from "./connection/refusals.ts";
export { Session, type Delivery } from "./connection/session.ts";
export { protocolVersion, type Introduction, type Purpose } from "./handshake/messages.ts";
export type { SessionKeys } from "./handshake/session-keys.ts";
export { createSecret } from "./handshake/secret.ts";
export { packMessage, unpackMessage } from "./wire/message-pack.ts";
export { controlBounds, type MessageBounds } from "./wire/message-pack-bounds.ts";
export {
  driverChannel,
  executorChannel,
  readFromExecutor,
  readToExecutor,
  type Channel,
  type ChannelObserver,
} from "./control/control-channel.ts";
export type { BarrierAnswerMessage, BarrierCallMessage, BarrierPartMessage } from "./control/barrier.ts";
export type { FromExecutor, TaskFailureMessage, TaskOutcomeMessage } from "./control/from-executor.ts";
export type { BlockAddress, OutputName, PlacedOutput, StoredBlock, StoredOutput } from "./control/places.ts";
export { decodeLaunchSettings, encodeLaunchSettings, type LaunchSettings } from "./control/launch-settings.ts";
export type { LaunchedTask, SentModule, ToExecutor } from "./control/to-executor.ts";
export type { StageModulesMessage } from "./control/user-modules.ts";
