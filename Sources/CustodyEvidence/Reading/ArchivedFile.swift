/// A file in an archive.
struct ArchivedFile {
  let name: String
  let content: FileSlice
}
