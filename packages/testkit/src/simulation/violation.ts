/** Something that must never be was found to be. */
export class Violation extends Error {
  override readonly name = "Violation";
}
