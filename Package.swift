// swift-tools-version: 6.2
// Each module imports only from floors below it; Tests/HouseTests holds that table. CONTRIBUTING.md says what each is for.
import PackageDescription

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

// Of which commit this is, where `make install` says so. Only one C file is compiled again for another one.
let commit = (Context.environment["CUSTODY_COMMIT"] ?? "").filter {
  $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
}

// An adopter's package that turns the trait off does not even fetch what only the command needs.
let command: TargetDependencyCondition? = .when(traits: ["Command"])

let tests: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let fuzzed: [Target.Dependency] = [
  "Custody", "CustodyEvidence", "CustodyExchange", "CustodyImport", "CustodyAgent", "CustodyLog", "CustodyJSON",
  "CustodyCrypto",
  "CustodySecrets",
  "CustodySystem", "CustodyValues", "CustodyStore",
]

let package = Package(
  name: "custody",
  products: [
    .library(name: "CustodyEvidence", targets: ["CustodyEvidence"]),
    .library(name: "Custody", targets: ["Custody", "CustodyLog", "CustodyExchange", "CustodyImport"]),
    .executable(name: "custody", targets: ["CustodyTool"]),
    .executable(name: "kaizala-sandbox", targets: ["KaizalaSandbox"]),
  ],
  traits: [
    .default(enabledTraits: ["Command"]),
    .trait(
      name: "Command",
      description: "The command. A package that needs the libraries alone turns it off: traits: []."),
    .trait(
      name: "PrivateKeyJWT", description: "Connectors that authenticate by a signature (RFC 7523), by swift-crypto."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
  ],
  targets: [
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CUnix", cSettings: [.define("_GNU_SOURCE"), .define("CUSTODY_COMMIT", to: "\"\(commit)\"")]),
    .target(name: "CCurl"),
    .target(name: "CZlib"),
    .target(name: "CustodyValues", dependencies: ["CUnix"], swiftSettings: house),
    .target(name: "CustodySecrets", dependencies: ["CSodium", "CUnix", "CustodyValues"], swiftSettings: house),
    .target(
      name: "CustodySystem", dependencies: ["CUnix", "CZlib", "CustodySecrets", "CustodyValues"], swiftSettings: house),
    .target(name: "CustodyJSON", dependencies: ["CustodySecrets", "CustodyValues"], swiftSettings: house),
    .target(name: "CustodyCrypto", dependencies: ["CSodium", "CustodySecrets", "CustodyValues"], swiftSettings: house),
    .target(
      name: "CustodyLog", dependencies: ["CustodySystem", "CustodyValues", "CustodyCrypto"], swiftSettings: house),
    .target(
      name: "Migrations", path: "Migrations", resources: [.embedInCode("SQLite")], swiftSettings: house),
    .target(
      name: "CustodyStore", dependencies: ["CSQLite", "Migrations", "CustodySystem", "CustodyValues"],
      swiftSettings: house),
    .target(
      name: "CustodyEvidence",
      dependencies: ["CustodyValues", "CustodySystem", "CustodyJSON", "CustodyCrypto", "CustodyLog"],
      resources: [.embedInCode("Report/Page")], swiftSettings: house),
    .target(
      name: "Custody",
      dependencies: [
        "CustodyEvidence",
        "CustodySecrets", "CustodySystem", "CustodyValues", "CustodyJSON", "CustodyCrypto", "CustodyLog",
        "CustodyStore",
      ],
      resources: [.embedInCode("Passphrases/Words")], swiftSettings: house),
    .target(
      name: "CustodyExchange",
      dependencies: [
        "CustodyEvidence", "Custody", "CustodyLog", "CustodySecrets", "CustodySystem", "CustodyValues", "CustodyJSON",
        "CCurl", "CZlib",
        .product(name: "Crypto", package: "swift-crypto", condition: .when(traits: ["PrivateKeyJWT"])),
        .product(name: "CryptoExtras", package: "swift-crypto", condition: .when(traits: ["PrivateKeyJWT"])),
      ],
      resources: [.embedInCode("Presets")], swiftSettings: house),
    .target(
      name: "CustodyImport",
      dependencies: [
        "CustodyEvidence", "Custody", "CustodyLog", "CustodyJSON", "CustodySecrets", "CustodySystem", "CustodyValues",
      ],
      swiftSettings: house),
    .target(
      name: "CustodyAgent",
      dependencies: [
        "Custody", "CustodyLog", "CustodyCrypto", "CustodySecrets", "CustodySystem", "CustodyValues", "CUnix",
      ],
      swiftSettings: house),
    .executableTarget(
      name: "CustodyTool",
      dependencies: [
        "CustodyEvidence", "Custody", "CustodyImport", "CustodyExchange", "CustodyAgent", "CustodyLog", "CustodyJSON",
        "CustodySecrets",
        "CustodySystem",
        "CustodyValues",
        .product(name: "ArgumentParser", package: "swift-argument-parser", condition: command),
      ], swiftSettings: house),
    .executableTarget(
      name: "KaizalaSandbox", dependencies: ["CustodyCrypto"],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "custody-benchmark",
      dependencies: [
        "CustodyEvidence", "Custody", "CustodyExchange", "CustodyCrypto", "CustodyLog", "CustodySecrets",
        "CustodySystem", "CustodyValues",
        "CustodyStore",
      ],
      path: "Benchmarks/CustodyBenchmark", swiftSettings: house),
    .target(
      name: "CustodyTesting",
      dependencies: ["CustodyEvidence", "Custody", "CustodyLog", "CustodySecrets", "CustodyValues"],
      path: "Tests/CustodyTesting", exclude: ["CheapPassphrases"],
      swiftSettings: tests),
    .testTarget(name: "CustodyValuesTests", dependencies: ["CustodyValues", "CustodyTesting"], swiftSettings: tests),
    .testTarget(
      name: "CustodySecretsTests",
      dependencies: ["CustodySecrets", "CustodySystem", "CustodyValues", "CustodyTesting"], swiftSettings: tests),
    .testTarget(
      name: "CustodySystemTests", dependencies: ["CustodySecrets", "CustodySystem", "CustodyValues", "CustodyTesting"],
      swiftSettings: tests),
    .testTarget(
      name: "CustodyCryptoTests",
      dependencies: ["CustodyCrypto", "CustodySecrets", "CustodyValues", "CustodyTesting", "CSodium"],
      swiftSettings: tests),
    .testTarget(
      name: "CustodyJSONTests", dependencies: ["CustodyJSON", "CustodySecrets", "CustodyValues", "CustodyTesting"],
      swiftSettings: tests),
    .testTarget(
      name: "CustodyLogTests",
      dependencies: ["CustodyLog", "CustodyCrypto", "CustodySecrets", "CustodyValues", "CustodyTesting"],
      swiftSettings: tests),
    .testTarget(
      name: "CustodyStoreTests",
      dependencies: ["CustodyStore", "Migrations", "CustodySystem", "CustodyValues", "CustodyTesting", "CSQLite"],
      swiftSettings: tests),
    .testTarget(
      name: "CustodyTests",
      dependencies: [
        "CustodyEvidence", "Custody", "CustodyStore", "CustodyLog", "CustodyCrypto", "CustodySecrets", "CustodySystem",
        "CustodyValues",
        "CustodyTesting", "CSQLite",
      ], swiftSettings: tests),
    .testTarget(
      name: "CustodyImportTests",
      dependencies: ["CustodyEvidence", "CustodyImport", "Custody", "CustodyLog", "CustodyTesting"],
      swiftSettings: tests),
    .testTarget(
      name: "CustodyEvidenceTests", dependencies: ["CustodyTesting"], exclude: ["Page"], swiftSettings: tests),
    .testTarget(
      name: "CustodyExchangeTests",
      dependencies: [
        "CustodyEvidence", "CustodyExchange", "CustodyJSON", "CustodyLog", "CustodySecrets", "CustodySystem",
        "CustodyValues", "Custody",
        "CustodyTesting",
      ],
      exclude: ["Servers", "Faults"], swiftSettings: tests),
    .testTarget(
      name: "CustodyAgentTests",
      dependencies: [
        "CustodyAgent", "Custody", "CustodyLog", "CustodyCrypto", "CustodySecrets", "CustodySystem", "CustodyValues",
        "CustodyTesting", "CSodium",
      ],
      swiftSettings: tests),
    .testTarget(
      name: "CustodyToolTests",
      dependencies: ["CustodyTool", "Custody", "CustodyEvidence", "CustodyLog", "CustodyTesting"],
      exclude: ["Scripts", "Outputs"], swiftSettings: tests),
    .testTarget(name: "KaizalaSandboxTests", dependencies: ["CustodyTesting"], swiftSettings: tests),
    .testTarget(
      name: "HouseTests", dependencies: ["CustodyTesting", "Migrations"], exclude: ["migrations.sha256"],
      swiftSettings: tests),
    Context.environment["FUZZ"] == nil
      ? .testTarget(
        name: "CustodyFuzzTests", dependencies: fuzzed + ["CustodyTesting"], exclude: ["Driver"], swiftSettings: tests)
      : .executableTarget(
        name: "fuzz", dependencies: fuzzed, path: "Tests/CustodyFuzzTests", exclude: ["ReplayTests.swift"],
        swiftSettings: tests),
  ]
)
