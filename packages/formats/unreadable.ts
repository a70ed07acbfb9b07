/** A source that cannot be read, or not further. The message is for whoever wrote the file. */
export class Unreadable extends Error {
  override name = "Unreadable";
}
