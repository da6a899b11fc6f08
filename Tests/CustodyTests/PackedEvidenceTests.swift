@testable import CustodyEvidence
import CustodyLog
import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Testing

@testable import Custody

/// Bundles that somebody packed, compressed or zipped with what they had.
struct PackedEvidenceTests {
  let vault: TemporaryVault

  init() throws {
    vault = try TamperTests.busyVault(isCosigned: false)
    let session = try vault.session(.audrey)
    _ = try session.exportBundle(LogFilter(), to: vault.folder + "/bundle")
    for format in [LogFormat.jsonl, .html, .csv] {
      var bytes: [UInt8] = []
      _ = try session.exportLog(LogFilter(), format) { bytes += $0 }
      try Data(bytes).write(to: URL(fileURLWithPath: "\(vault.folder)/log.\(format.rawValue)"))
    }
  }

  private func path(_ name: String) -> String { vault.folder + "/" + name }

  private func shell(_ command: String) throws {
    let (status, output) = try Products.run("/bin/sh", ["-c", "cd '\(vault.folder)' && \(command)"])
    try #require(status == 0, "\(command): \(output)")
  }

  private func python(_ script: String) throws {
    try Data(script.utf8).write(to: URL(fileURLWithPath: path("script.py")))
    try shell("python3 script.py")
  }

  private func refused(_ name: String) -> VaultError? { refusal { _ = try Evidence.verify(at: path(name)) } }

  @Test(arguments: [
    "tar cf x bundle", "tar czf x bundle", "tar cf x -C bundle .", "tar cf x ./bundle",
    "tar cf x -C bundle $(ls bundle)",
    "tar --format=ustar -cf x bundle", "tar --format=gnu -cf x bundle", "tar --format=pax -cf x bundle",
    "tar --sort=name --mtime=@0 --owner=0 -cf x bundle", "tar -b 1 -cf x bundle", "mkdir up && mv bundle up && mv up x",
    "gzip -c log.jsonl > x", "gzip -c log.html > x", "tar cf x log.jsonl", "tar czf x log.html",
    "tar cf - bundle | split -b 9000 - part && for p in part*; do gzip -c $p; done > x",
  ])
  func `what GNU tar and gzip make of a bundle is read`(command: String) throws {
    try shell(command)
    let report = try Evidence.verify(at: path("x"))
    #expect(report.verdicts.holds && report.isWhole)
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/zip"), "no zip here"),
    arguments: [
      "zip -qr x.zip bundle", "zip -q0r x.zip bundle", "zip -qrD x.zip bundle", "cd bundle && zip -qr ../x.zip .",
      "zip -q x.zip log.jsonl", "zip -q x.zip log.html", "tar cf b.tar bundle && zip -q x.zip b.tar",
    ])
  func `what zip makes of a bundle is read`(command: String) throws {
    try shell(command)
    #expect(try Evidence.verify(at: path("x.zip")).verdicts.holds)
  }

  @Test func `what Python makes of a bundle is read`() throws {
    try python(
      """
      import io, shutil, tarfile, zipfile
      shutil.make_archive("a", "zip", ".", "bundle")
      shutil.make_archive("b", "gztar", ".", "bundle")
      shutil.make_archive("c", "tar", "bundle", ".")
      for name, form in [("d.tar", tarfile.PAX_FORMAT), ("e.tar", tarfile.GNU_FORMAT), ("f.tar", tarfile.USTAR_FORMAT)]:
        with tarfile.open(name, "w", format=form) as t: t.add("bundle")
      class Stream(io.RawIOBase):
        def __init__(self, f): self.f = f
        def writable(self): return True
        def write(self, b): return self.f.write(b)
      with open("g.zip", "wb") as f, zipfile.ZipFile(Stream(f), "w", zipfile.ZIP_DEFLATED) as z:
        import pathlib
        for p in sorted(pathlib.Path("bundle").rglob("*")): z.write(p)
      """)
    for name in ["a.zip", "b.tar.gz", "c.tar", "d.tar", "e.tar", "f.tar", "g.zip"] {
      let error = refused(name)
      #expect(error == nil, "\(name): \(error?.reason ?? "")")
    }
  }

  @Test func `what was changed in an archive is found, and what is in none is refused`() throws {
    try shell("sed -i s/contoso/fabrikam/ bundle/log.csv && tar czf a.tgz bundle && gzip -c log.csv > b.gz")
    #expect(refused("a.tgz")?.fault?.rule == .standsBeside)
    #expect(refused("b.gz")?.code == .badInput)
    #expect(refused("b.gz")?.reason.contains("is a CSV export") == true)
    try shell("touch bundle/report.html && tar cf c.tar bundle && rm bundle/report.html")
    #expect(refused("c.tar")?.code == .integrity)
    #expect(refused("c.tar")?.reason.contains("\"report.html\" is no file of a bundle") == true)
    for name in ["._checkpoint", ".DS_Store", "tile/0/._000"] {
      try shell("touch bundle/\(name) && tar cf d.tar bundle && rm bundle/\(name)")
      #expect(refused("d.tar")?.code == .badInput)
      #expect(refused("d.tar")?.reason.contains("macOS added it") == true)
    }
    try python(
      """
      import shutil, zipfile
      shutil.make_archive("e", "zip", ".", "bundle")
      with zipfile.ZipFile("e.zip", "a") as z: z.writestr("__MACOSX/bundle/._checkpoint", b"x")
      """)
    #expect(refused("e.zip")?.code == .badInput)
    #expect(refused("e.zip")?.reason.contains("macOS added it") == true)
    try shell("mkdir pictures && echo x > pictures/x && tar cf f.tar pictures")
    #expect(refused("f.tar")?.code == .badInput)
  }

  @Test func `links, long names, twins and archives in archives are for programs that unpack`() throws {
    try python(
      """
      import gzip, io, tarfile, zipfile
      def made(name, *members, format=tarfile.GNU_FORMAT):
        with tarfile.open(name, "w", format=format) as t:
          t.add("bundle")
          for m in members: t.addfile(m, io.BytesIO(b"x" * m.size))
      def member(name, **more):
        m = tarfile.TarInfo(name)
        for k, v in more.items(): setattr(m, k, v)
        return m
      made("link.tar", member("bundle/log.csv2", type=tarfile.SYMTYPE, linkname="/etc/passwd"))
      made("hard.tar", member("bundle/log.csv2", type=tarfile.LNKTYPE, linkname="bundle/log.csv"))
      made("device.tar", member("bundle/x", type=tarfile.CHRTYPE))
      made("gnu.tar", member("bundle/" + "x" * 200))
      made("pax.tar", member("bundle/" + "x" * 200), format=tarfile.PAX_FORMAT)
      made("path.tar", member("bundle/x", pax_headers={"path": "bundle/checkpoint"}), format=tarfile.PAX_FORMAT)
      made("size.tar", member("bundle/x", pax_headers={"size": "9"}), format=tarfile.PAX_FORMAT)
      made("twins.tar", member("bundle/checkpoint", size=1))
      made("up.tar", member("bundle/../checkpoint", size=1))
      with open("bundle.tar", "wb") as f:
        with tarfile.open(fileobj=f, mode="w") as t: t.add("bundle")
      data = open("bundle.tar", "rb").read()
      open("twice.gz", "wb").write(gzip.compress(gzip.compress(data)))
      with tarfile.open("inner.tar", "w") as t: t.add("bundle.tar")
      """)
    for (name, words) in [
      ("link.tar", "a link"), ("hard.tar", "a link"), ("device.tar", "neither file nor folder"),
      ("gnu.tar", "a long name"), ("pax.tar", "long names"), ("path.tar", "long names"), ("size.tar", "long names"),
      ("twice.gz", "another archive inside"), ("inner.tar", "another archive inside"),
    ] {
      let error = refused(name)
      #expect(error?.code == .badInput, "\(name): \(error?.reason ?? "accepted")")
      #expect(error?.reason.contains(words) == true, "\(name): \(error?.reason ?? "accepted")")
      #expect(error?.hint?.description.contains("unpack it, and name the folder: ") == true)
    }
    #expect(refused("link.tar")?.hint?.description.contains("tar xf ") == true)
    #expect(refused("twins.tar")?.reason.contains("is in it twice") == true)
    #expect(refused("up.tar")?.code == .integrity)
  }

  /// Each bit of an archive's own bytes, and each place where it may be cut off.
  @Test func `a damaged gzip, zip or tar is refused, whatever is damaged`() throws {
    try shell("gzip -nc log.jsonl > a.gz && tar -b 1 --mtime=@0 -cf b.tar log.jsonl")
    try python(
      """
      import zipfile
      with zipfile.ZipFile("c.zip", "w", zipfile.ZIP_DEFLATED) as z: z.writestr("log.jsonl", open("log.jsonl").read())
      with zipfile.ZipFile("d.zip", "w") as z: z.writestr("log.jsonl", open("log.jsonl").read())
      """)
    for name in ["a.gz", "b.tar", "c.zip", "d.zip"] {
      let sound = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
      #expect(refused(name) == nil)
      func tried(_ bytes: [UInt8], _ what: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path("x")))
        #expect(refused("x") != nil, "\(name), \(what)")
      }
      for count in stride(from: 0, to: sound.count, by: max(1, sound.count / 12)) {
        try tried(Array(sound.prefix(count)), "\(count) bytes")
      }
      try tried(sound + [0], "one byte more")
      try tried(sound + sound, "twice")
      for place in stride(from: 0, to: sound.count, by: max(1, sound.count / 30)) {
        var changed = sound
        changed[place] ^= 0x10
        try Data(changed).write(to: URL(fileURLWithPath: path("x")))
        let error = refused("x")
        #expect(error.map { [.integrity, .badInput].contains($0.code) } ?? true, "\(name) at \(place)")
      }
    }
  }

  @Test func `zips that two programs would read in two ways, or that are encrypted, are refused`() throws {
    try python(
      """
      import struct, zipfile
      def made(name, change):
        with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as z:
          for n in ["log.jsonl", "log.csv"]: z.write(n)
        data = bytearray(open(name, "rb").read())
        change(data)
        open(name, "wb").write(data)
      def central(d): return struct.unpack("<I", d[-6:-2])[0]
      def put(d, place, form, value): d[place:place + struct.calcsize(form)] = struct.pack(form, value)
      def second(d): return central(d) + 46 + len("log.jsonl")
      made("sound.zip", lambda d: None)
      made("overlap.zip", lambda d: put(d, second(d) + 42, "<I", 0))
      made("encrypted.zip", lambda d: (put(d, central(d) + 8, "<H", 1), put(d, 6, "<H", 1)))
      made("method.zip", lambda d: (put(d, central(d) + 10, "<H", 12), put(d, 8, "<H", 12)))
      made("zip64.zip", lambda d: put(d, central(d) + 24, "<I", 0xffffffff))
      made("size.zip", lambda d: (put(d, central(d) + 24, "<I", 7), put(d, 22, "<I", 7)))
      made("crc.zip", lambda d: (put(d, central(d) + 16, "<I", 7), put(d, 14, "<I", 7)))
      made("local.zip", lambda d: put(d, 14, "<I", 7))
      made("name.zip", lambda d: d.__setitem__(slice(30, 33), b"LOG"))
      made("link.zip", lambda d: (put(d, central(d) + 38, "<I", 0o120777 << 16)))
      made("count.zip", lambda d: (put(d, len(d) - 14, "<H", 1), put(d, len(d) - 12, "<H", 1)))
      made("prefix.zip", lambda d: d.__setitem__(slice(0, 0), b"PK\\3\\4"))
      made("comment.zip", lambda d: (put(d, len(d) - 2, "<H", 4), d.extend(b"more")))
      made("many.zip", lambda d: (put(d, len(d) - 14, "<H", 9), put(d, len(d) - 12, "<H", 9)))
      """)
    for (name, code, words) in [
      ("overlap", VaultError.Code.integrity, "do not agree"), ("encrypted", .badInput, "encrypted files"),
      ("method", .badInput, "not deflate"), ("zip64", .badInput, "zip64"), ("size", .integrity, "does not hold"),
      ("crc", .integrity, "does not hold"), ("local", .integrity, "do not agree"), ("name", .integrity, "do not agree"),
      ("link", .badInput, "a link"), ("count", .integrity, "cannot be read"),
      ("prefix", .integrity, "not where it should be"),
      ("comment", .badInput, "behind its list of files"), ("many", .integrity, "cannot be read"),
    ] {
      let error = refused(name + ".zip")
      #expect(error?.code == code, "\(name): \(error?.reason ?? "accepted")")
      #expect(error?.reason.contains(words) == true, "\(name): \(error?.reason ?? "accepted")")
    }
    // An archive that is well-formed may still be no bundle, and the error says so.
    #expect(refused("sound.zip")?.reason.contains("\"log.jsonl\" is no file") != true)
  }

  @Test func `a few bytes that unpack to many are refused before the disk is full`() throws {
    try python(
      """
      import gzip, zipfile
      with gzip.open("bomb.gz", "wb") as f:
        for _ in range(400): f.write(bytes(1 << 20))
      with zipfile.ZipFile("bomb.zip", "w", zipfile.ZIP_DEFLATED) as z: z.writestr("log.jsonl", bytes(400 << 20))
      """)
    for name in ["bomb.gz", "bomb.zip"] {
      let error = refused(name)
      #expect(error?.code == .badInput)
      #expect(error?.reason.contains("out of proportion") == true, "\(error?.reason ?? "accepted")")
    }
    let slice = FileSlice(try FileReader(path("bomb.gz")))
    #expect(throws: ArchiveFault.self) { _ = try Unpacking.gunzip(slice, limit: 1000) }
  }
}
